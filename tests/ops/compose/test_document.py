import pytest

from homeport.errors import InvalidError, NotFoundError
from homeport.ops.compose.document import Port, read_document
from homeport.ops.compose.project import Project


def service(document, name):
    return next(each for each in document.services if each.name == name)


def test_services_have_their_values_from_every_place_that_compose_reads(folder):
    folder.environment_file.write_text("SITE_URL=https://example.org\nSMTP_HOST=mail.example.org\n")
    site = service(folder.read(LOG_LEVEL="debug"), "flask-blog")
    assert site.environment["SITE_URL"] == "https://example.org"
    assert site.environment["SMTP_HOST"] == "mail.example.org"
    assert "LOG_LEVEL" not in site.environment
    assert site.is_site
    assert site.networks == {"edge", "data"}


def test_the_environment_wins_over_the_file(folder):
    site = service(folder.read(SITE_URL="https://other.example"), "flask-blog")
    assert site.environment["SITE_URL"] == "https://other.example"


def test_an_environment_may_be_a_list(folder):
    document = folder.declare("services: {web: {environment: [A=1, B, 'C=x=y']}}")
    assert service(document, "web").environment == {"A": "1", "B": "", "C": "x=y"}


def test_without_networks_a_service_is_on_the_common_one(folder):
    assert service(folder.declare("services: {web: {image: nginx}}"), "web").networks == {"default"}


@pytest.mark.parametrize(
    ("written", "port"),
    [
        ("80:8080", Port("", 80, 8080)),
        ("127.0.0.1:81:81", Port("127.0.0.1", 81, 81)),
        ('"[::1]:81:81/tcp"', Port("::1", 81, 81)),
        ("{published: 5432, target: 5432, host_ip: 127.0.0.1}", Port("127.0.0.1", 5432, 5432)),
        ('{published: "80", target: 8080}', Port("", 80, 8080)),
    ],
)
def test_ports_are_read_in_both_forms(folder, written, port):
    document = folder.declare(f"services: {{web: {{ports: [{written}]}}}}")
    assert list(service(document, "web").ports()) == [port]


@pytest.mark.parametrize("written", ["'80'", "8000-8010:80", "{target: 80}"])
def test_a_port_that_is_given_by_chance_is_no_promise(folder, written):
    document = folder.declare(f"services: {{web: {{ports: [{written}]}}}}")
    assert list(service(document, "web").ports()) == []


@pytest.mark.parametrize("written", ["data:/data", "./a/b:/data:ro", "/data", "{source: data, target: /data}"])
def test_mounts_are_read_in_all_forms(folder, written):
    document = folder.declare(f"services: {{web: {{volumes: ['{written}']}}}}".replace("'{", "{").replace("}']", "}]"))
    assert list(service(document, "web").mounts()) == ["/data"]


@pytest.mark.parametrize(
    "image", ["postgres", "postgres:18.6", "docker.io/library/postgres:18@sha256:0a", "my/postgres18:1"]
)
def test_a_database_is_known_by_its_image(folder, image):
    assert service(folder.declare(f"services: {{db: {{image: '{image}'}}}}"), "db").is_postgres
    its_programs = f"services: {{db: {{image: '{image}', entrypoint: [psql]}}}}"
    assert not service(folder.declare(its_programs), "db").is_postgres


def test_secrets_are_found_on_the_host(folder):
    document = folder.read()
    assert document.secret_at("/run/secrets/flask_key") == folder.root / "secrets" / "flask_key"
    assert document.secret_at("/run/secrets/none") is None


def test_a_folder_without_a_compose_file_is_told_apart(tmp_path):
    with pytest.raises(NotFoundError, match=r"none of compose\.yaml"):
        read_document(Project(tmp_path), {})


@pytest.mark.parametrize("text", ["services: [", "- a\n- b", "services: 5", "services: !other {}"])
def test_a_file_that_makes_no_sense_is_refused(folder, text):
    with pytest.raises(InvalidError):
        folder.declare(text)
