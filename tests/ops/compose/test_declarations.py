from pathlib import Path

import pytest

from homeport.ops.compose.declarations import check_declarations
from homeport.ops.compose.document import read_document
from homeport.ops.compose.project import Project

BRIEF = Path(__file__).parents[2] / "stack" / "brief-compose.yaml"
SIX = {
    "POSTGRES_USER": "blog",
    "POSTGRES_PASSWORD": "seven-quiet-lanterns",
    "POSTGRES_DB": "blog",
    "FLASK_ENV": "production",
    "FLASK_KEY": "a key that only tests use",
    "DB_URI": "postgresql://blog:seven-quiet-lanterns@postgres:5432/blog",
}


def faults(document):
    return [finding.what for finding in check_declarations(document) if finding.is_fault]


def warnings(document):
    return [finding.what for finding in check_declarations(document) if not finding.is_fault]


def test_our_own_file_is_found_without_blame(folder):
    assert list(check_declarations(folder.read())) == []


class TestTheFileOfTheBrief:
    @pytest.fixture
    def brief(self, tmp_path):
        (tmp_path / "docker-compose.yml").write_bytes(BRIEF.read_bytes())
        return Project(tmp_path)

    def test_it_has_no_fault_but_four_risks(self, brief):
        document = read_document(brief, SIX)
        assert faults(document) == []
        told = "\n".join(warnings(document))
        assert len(warnings(document)) == 4
        for word in ("latest", "administration", "temporary server", "reaches the database too"):
            assert word in told

    @pytest.mark.parametrize("name", SIX)
    def test_each_of_its_variables_is_missed(self, brief, name):
        values = {each: value for each, value in SIX.items() if each != name}
        assert faults(read_document(brief, values)) == [f"{name} is not set"]


def test_a_missing_value_is_told_with_the_files_own_words(folder):
    folder.environment_file.write_text("")
    findings = {finding.what: finding.remedy for finding in check_declarations(folder.read())}
    assert set(findings) == {"SITE_URL is not set", "EDGE_EMAIL is not set"}
    assert "homeport stack init" in findings["SITE_URL is not set"]


@pytest.mark.parametrize(
    ("image", "mount", "word"),
    [
        ("postgres:18.6-bookworm", "/var/lib/postgresql/data", "does not keep its data"),
        ("postgres:18", "/var/lib/postgresql/data/", "does not keep its data"),
        ("postgres:17-alpine", "/var/lib/postgresql", "does not keep its data"),
        ("postgres:18", "/srv", "no volume"),
        ("postgres:15-alpine", "/srv", "no volume"),
    ],
)
def test_data_that_would_be_lost_is_a_fault(folder, image, mount, word):
    [what] = faults(folder.change("postgres", image=image, volumes=[f"postgres_data:{mount}"]))
    assert word in what


@pytest.mark.parametrize(
    ("image", "mount"),
    [
        ("postgres:18.6", "/var/lib/postgresql"),
        ("postgres:15-alpine", "/var/lib/postgresql/data"),
        ("registry.example:5000/postgres:17.2", "/var/lib/postgresql/data"),
    ],
)
def test_data_in_its_place_is_none(folder, image, mount):
    assert faults(folder.change("postgres", image=image, volumes=[f"postgres_data:{mount}"])) == []


def test_whoever_names_the_folder_of_the_data_knows_better(folder):
    environment = {"PGDATA": "/srv/pg", "POSTGRES_PASSWORD_FILE": "/run/secrets/postgres_password"}
    assert faults(folder.change("postgres", volumes=["postgres_data:/srv"], environment=environment)) == []


@pytest.mark.parametrize(
    ("service", "port", "word"),
    [
        ("postgres", "5432:5432", "the database is published"),
        ("flask-blog", "5000:5000", "round the proxy"),
        ("nginx-proxy-manager", "81:81", "administration"),
        ("nginx-proxy-manager", "0.0.0.0:8181:81", "administration"),
        ("nginx-proxy-manager", "80:81", "administration"),
    ],
)
def test_a_door_beside_the_door_is_a_risk(folder, service, port, word):
    document = folder.change(service, ports=[port], networks=[f"{service}-alone"])
    assert word in "\n".join(warnings(document))


@pytest.mark.parametrize(("image", "is_pinned"), [("nginx", False), ("a:5/nginx:latest", False), ("nginx:1.28", True)])
def test_an_image_that_changes_under_its_name_is_a_risk(folder, image, is_pinned):
    told = "\n".join(warnings(folder.change("nginx-proxy-manager", image=image)))
    assert ("another image" in told) is not is_pinned


@pytest.mark.parametrize(
    ("test", "is_good"),
    [
        ("pg_isready -U blog", False),
        ("pg_isready -h 127.0.0.1", True),
        (["CMD", "pg_isready", "-h", "localhost"], True),
        (["CMD", "true"], True),
    ],
)
def test_health_asked_of_the_socket_is_a_risk(folder, test, is_good):
    told = "\n".join(warnings(folder.change("postgres", healthcheck={"test": test})))
    assert ("temporary server" in told) is not is_good


def test_settings_are_read_as_the_site_will_read_them(folder):
    folder.environment_file.write_text(
        "SITE_URL=example.org\nEDGE_EMAIL=me@example.org\nWEB_WORKERS=none\nHOMEPORT_PORT=1\n"
    )
    told = "\n".join(faults(folder.read()))
    for name in ("SITE_URL", "WEB_WORKERS", "HOMEPORT_PORT"):
        assert f"flask-blog: {name}" in told


def test_a_key_that_is_too_short_is_found_in_its_file(folder):
    (folder.secrets / "flask_key").unlink()
    (folder.secrets / "flask_key").write_text("short")
    assert any("FLASK_KEY" in what for what in faults(folder.read()))


def test_what_the_reconciler_would_refuse_is_found_before_it_starts(folder):
    folder.environment_file.write_text("SITE_URL=https://example.org\nEDGE_EMAIL=me@localhost\n")
    [what] = faults(folder.read())
    assert what.startswith("edge: EDGE_EMAIL: 'me@localhost' is not a mail address")
