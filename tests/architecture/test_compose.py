"""What the compose file promises, line by line; tests/stack holds containers to it."""

import re
from pathlib import Path

import pytest
import yaml

from homeport.drill.logproof import PROVING
from homeport.ops.gunicorn_config import GRACEFUL_SECONDS

ROOT = Path(__file__).parents[2]
FILE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = FILE["services"]
EACH = pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))
OURS = ("flask-blog", "jobs", "edge")
ARCHIVISTS = {
    "backup": ["DAC_OVERRIDE"],
    "restore": ["CHOWN", "DAC_OVERRIDE", "FOWNER"],
    "recover": ["CHOWN", "DAC_OVERRIDE", "FOWNER"],
}
SECONDS = {"s": 1, "m": 60}


def seconds(duration: str) -> int:
    return int(duration[:-1]) * SECONDS[duration[-1]]


def members(network: str) -> set[str]:
    return {name for name, service in SERVICES.items() if network in service["networks"]}


def test_only_the_web_is_published_and_the_administration_on_loopback():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"nginx-proxy-manager": ["80:80", "443:443", "127.0.0.1:81:81"]}


def test_the_database_shares_no_network_with_the_proxy_or_the_internet():
    assert FILE["networks"]["data"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == ["data"]
    assert not members("data") & {"nginx-proxy-manager", "edge"}


def test_the_site_itself_is_not_on_the_way_out():
    assert members("edge") == {"flask-blog", "nginx-proxy-manager", "edge"}
    assert members("egress") == {"jobs", "edge", *ARCHIVISTS}


@EACH
def test_every_service_is_bounded(service):
    assert service["restart"] == ("no" if "profiles" in service else "always")
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["driver"] == "local"
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


@pytest.mark.parametrize("name", [*OURS, "postgres", "proof"])
def test_what_we_can_vouch_for_runs_with_nothing_it_does_not_need(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "privileged" not in service
    assert "cap_add" not in service


@pytest.mark.parametrize("name", ARCHIVISTS)
def test_who_has_to_read_what_is_roots_has_no_more_of_root_than_that(name):
    service = SERVICES[name]
    assert service["user"] == "0:0"
    assert (service["cap_drop"], service["cap_add"]) == (["ALL"], ARCHIVISTS[name])
    assert service["read_only"] is True


def test_the_nightly_backup_can_change_nothing_of_the_proxy():
    mounts = [mount for mount in SERVICES["backup"]["volumes"] if mount.startswith("npm_")]
    assert [mount.rpartition(":")[2] for mount in mounts] == ["ro", "ro"]
    assert SERVICES["backup"]["environment"]["BACKUP_INCLUDE"] == ",".join(mount.split(":")[1] for mount in mounts)


def test_who_proves_the_log_reaches_nobody_and_has_no_key():
    proof = SERVICES["proof"]
    assert (proof["networks"], members("alone")) == (["alone"], {"proof"})
    assert FILE["networks"]["alone"] == {"internal": True}
    assert not {"secrets", "environment", "env_file", "ports"} & set(proof)
    # The very programs that would have to do it.
    assert (proof["image"], proof["user"]) == (SERVICES["postgres"]["image"], SERVICES["postgres"]["user"])
    place = f"proving:/var/lib/homeport/{PROVING}"
    assert place in SERVICES["backup"]["volumes"]
    assert proof["entrypoint"][-1] == next(m for m in proof["volumes"] if m.startswith("proving:")).partition(":")[2]


def test_a_restore_is_started_by_hand_alone():
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["restore", "recover"]


@EACH
def test_nothing_reaches_the_engine_itself(service):
    assert "docker.sock" not in str(service)
    assert "network_mode" not in service
    assert "pid" not in service


def test_passwords_and_keys_are_files():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|KEY|DB_URI|SECRET|TOKEN", name):
                assert re.search(r"_FILE$", name), name
                assert value.startswith("/run/secrets/")
    assert all(set(secret) == {"file"} for secret in FILE["secrets"].values())


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {*OURS, *ARCHIVISTS}))
def test_images_of_others_are_pinned_and_can_be_exchanged(name):
    assert re.fullmatch(r"\$\{[A-Z_]+:-[\w/.-]+:\d+\.\d+[\w.-]*\}", SERVICES[name]["image"])


def test_the_base_image_is_pinned_and_can_be_exchanged():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"(?m)^ARG PYTHON_IMAGE=python:\d+\.\d+\.\d+-slim-[a-z]+$", text)
    assert set(re.findall(r"(?m)^FROM (\S+)", text)) == {"${PYTHON_IMAGE}"}
    assert re.search(r'(?m)^CMD \["homeport", "serve"\]$', text)


def test_the_volume_is_mounted_where_postgresql_18_keeps_its_data():
    assert "postgres_data:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]
    assert SERVICES["postgres"]["shm_size"] == "256m"


def test_the_log_is_handed_over_every_minute_and_never_fills_the_disk():
    command = SERVICES["postgres"]["command"]
    assert command[0] == "postgres"
    assert {"archive_timeout=60", "max_slot_wal_keep_size=2GB"} <= set(command)


def test_health_is_asked_over_tcp():
    assert "--host=127.0.0.1" in SERVICES["postgres"]["healthcheck"]["test"]
    assert "http://127.0.0.1:5000/readyz" in SERVICES["flask-blog"]["healthcheck"]["test"][-1]


def test_services_start_in_order():
    healthy = {"condition": "service_healthy"}
    assert SERVICES["flask-blog"]["depends_on"] == {"postgres": healthy}
    assert SERVICES["jobs"]["depends_on"] == {"flask-blog": healthy}
    assert SERVICES["nginx-proxy-manager"]["depends_on"] == {"flask-blog": healthy}
    # And nobody waits for the reconciler.
    assert SERVICES["edge"]["depends_on"] == {"nginx-proxy-manager": healthy}
    assert not [name for name, service in SERVICES.items() if "edge" in service.get("depends_on", {})]


def test_nobody_is_killed_while_still_finishing():
    assert seconds(SERVICES["flask-blog"]["stop_grace_period"]) > GRACEFUL_SECONDS + 5
    assert seconds(SERVICES["jobs"]["stop_grace_period"]) > GRACEFUL_SECONDS + 5
    assert seconds(SERVICES["postgres"]["stop_grace_period"]) >= 120


def test_metrics_listen_at_a_name_that_only_the_database_network_knows():
    site = SERVICES["flask-blog"]
    assert site["networks"] == {"edge": {}, "data": {"aliases": [site["environment"]["METRICS_HOST"]]}}
    assert all(site["environment"]["METRICS_PORT"] not in str(one.get("ports", "")) for one in SERVICES.values())


def test_notes_are_kept_where_the_site_reads_them():
    mount = "notes:/var/lib/homeport/notes"
    assert {name for name, service in SERVICES.items() if mount in service.get("volumes", ())} >= set(OURS)
    assert " /var/lib/homeport/notes " in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_volume_and_secret_is_declared():
    # `${ARCHIVES:-archives}` is a volume unless .env names a folder.
    listed = [re.sub(r"^\$\{\w+:-(\w+)\}", r"\1", mount) for s in SERVICES.values() for mount in s.get("volumes", ())]
    mounts = {mount.partition(":")[0] for mount in listed}
    assert {mount for mount in mounts if not mount.startswith("$")} == set(FILE["volumes"])
    listed = [secret for service in SERVICES.values() for secret in service.get("secrets", ())]
    used = {secret["source"] if isinstance(secret, dict) else secret for secret in listed}
    assert used == set(FILE["secrets"])


def test_nothing_but_the_code_gets_into_the_image():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert next(line for line in lines if not line.startswith("#")) == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == {
        "requirements.txt",
        "deploy/homeport",
        "src/homeport",
    }
