"""Who reaches whom, tried from inside the containers."""

import json

import pytest

from tests.stack.containers.project import DATABASE, PROXY, SITE, moment

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

OURS = (SITE, "jobs", "edge", DATABASE)
TRY = "timeout 3 bash -c '</dev/tcp/{}/{}'"


def reaches(project, service, host, port):
    return project.shell(service, TRY.format(host, port)).returncode == 0


@pytest.mark.parametrize("service", [PROXY, "edge"])
def test_who_meets_the_internet_has_neither_the_databases_name_nor_a_way_to_it(ours, service):
    assert ours.shell(service, "getent hosts postgres").returncode != 0
    assert not reaches(ours, service, ours.address(DATABASE, "data"), 5432)
    # The same way of trying finds what is there.
    assert reaches(ours, service, SITE, 5000)


def test_the_site_reaches_its_database_and_the_database_nobody(ours):
    assert reaches(ours, SITE, DATABASE, 5432)
    # Any address outside its own network will do; this one certainly answers.
    elsewhere = ours.address(PROXY, "edge")
    assert reaches(ours, SITE, elsewhere, 80)
    assert not reaches(ours, DATABASE, elsewhere, 80)


def test_the_jobs_are_out_of_the_proxys_reach(ours):
    assert ours.shell(PROXY, "getent hosts jobs").returncode != 0


def test_nothing_but_the_proxy_is_published(ours):
    published = {
        name: {port for port, bindings in each["NetworkSettings"]["Ports"].items() if bindings}
        for name, each in ours.containers().items()
    }
    assert published.pop(PROXY) == {"80/tcp", "443/tcp"}
    assert set(published) >= {SITE, DATABASE, "jobs"}
    assert not any(published.values())


@pytest.mark.parametrize("service", OURS)
def test_a_container_of_ours_has_no_privileges_at_all(ours, service):
    status = dict(
        line.split(":\t", 1) for line in ours.shell(service, "cat /proc/1/status").stdout.splitlines() if "\t" in line
    )
    assert status["Uid"].split()[0] != "0"
    assert int(status["CapEff"], 16) == 0
    assert int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


@pytest.mark.parametrize("service", OURS)
def test_its_root_cannot_be_written_to(ours, service):
    refused = ours.shell(service, "touch /usr/local/bin/mine")
    assert refused.returncode != 0
    assert "Read-only file system" in refused.stderr


def test_no_secret_stands_in_any_environment(ours):
    secrets = [path.read_text().strip() for path in (ours.root / "secrets").iterdir()]
    assert len(secrets) == 9
    told = json.dumps(ours.containers())
    assert not [secret for secret in secrets if secret in told]


def test_the_site_is_not_the_databases_superuser(ours):
    asked = "import os, psycopg2; c = psycopg2.connect(open('/run/secrets/db_uri').read().strip()).cursor(); "
    asked += "c.execute('select rolsuper or rolcreaterole or rolcreatedb or rolreplication, version() from pg_roles "
    asked += "where rolname = current_user'); print(*c.fetchone())"
    is_mighty, _, version = ours.shell(SITE, f'python -c "{asked}"').stdout.partition(" ")
    assert is_mighty == "False"
    assert version.startswith("PostgreSQL 18.")


def test_a_secret_of_the_database_is_not_the_sites(ours):
    assert ours.shell(SITE, "ls /run/secrets").stdout.split() == ["db_uri", "flask_key"]


def test_the_reconciler_can_write_where_the_proxy_reads_even_after_the_proxy_has_made_it_its_own(ours):
    assert ours.shell(PROXY, "chown -R root:root /data/nginx/custom").returncode == 0
    assert ours.shell("edge", "echo '# seen' > /var/lib/npm-custom/seen.conf").returncode == 0
    assert ours.shell(PROXY, "cat /data/nginx/custom/seen.conf").stdout == "# seen\n"
    assert ours.shell("edge", "rm /var/lib/npm-custom/seen.conf").returncode == 0


def test_data_is_on_the_volume(ours):
    folder = ours.shell(DATABASE, "echo $PGDATA").stdout.strip()
    assert folder.startswith("/var/lib/postgresql/")
    mounts = [mount["Destination"] for mount in ours.container(DATABASE)["Mounts"] if mount["Type"] == "volume"]
    assert mounts == ["/var/lib/postgresql"]


def test_each_was_started_when_what_it_needs_was_healthy(ours):
    # Others may have killed one of them by now, which then started alone.
    ours.up("--force-recreate")
    started = {name: moment(each["State"]["StartedAt"]) for name, each in ours.containers().items()}
    assert started[DATABASE] < started[SITE] < min(started["jobs"], started[PROXY])
