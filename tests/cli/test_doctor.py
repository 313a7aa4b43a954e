"""The doctor as typed: what it is told of the installation, what it says, and the code it ends with."""

import json

import pytest

from homeport.cli import doctor as command
from homeport.ops.doctor.examination import CHECKS
from homeport.ops.doctor.findings import Finding, Result
from tests.factories.servers import answer, raw_server
from tests.ops.doctor.conftest import closed_port

ILL = Result("disk", (Finding("the disk is full", "Nothing can be written.", "Make room."),))
ABSENT = Result("edge", not_applicable="no edge is declared here")
WELL = Result("jobs")


@pytest.fixture
def examined(monkeypatch):
    """Let the examination come to these results, and remember who was examined."""

    def come_to(*results):
        patients = []
        monkeypatch.setattr(command, "examine", lambda patient: patients.append(patient) or iter(results))
        return patients

    return come_to


@pytest.fixture(autouse=True)
def nowhere(run, monkeypatch, tmp_path):
    monkeypatch.setenv("DB_URI", f"postgresql://x@/y?host={tmp_path}")
    for name in ("EDGE_PASSWORD_FILE", "EDGE_OUTSIDE_ADDRESS", "TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)


def test_a_finding_says_what_and_why_and_what_to_do_and_is_a_failure(run, examined):
    examined(ILL, ABSENT, WELL)
    ran = run("doctor")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "wrong: the disk is full",
        "    why: Nothing can be written.",
        "    do:  Make room.",
        "not looked at: edge - no edge is declared here",
        "sound: jobs",
    ]


def test_all_well_is_a_success_and_what_was_not_looked_at_is_said(run, examined):
    examined(ABSENT, WELL)
    ran = run("doctor")
    assert ran.code == 0
    assert "sound: jobs" in ran.out
    assert "not looked at: edge" in ran.out


def test_programs_get_everything(run, examined):
    examined(ILL, ABSENT, WELL)
    ran = run("doctor", "--json")
    assert ran.code == 1
    assert json.loads(ran.out) == {
        "findings": [
            {
                "check": "disk",
                "what": "the disk is full",
                "why": "Nothing can be written.",
                "remedy": "Make room.",
            }
        ],
        "not_applicable": {"edge": "no edge is declared here"},
        "sound": ["jobs"],
    }


def test_it_examines_the_public_address_where_the_edge_is_said_to_be(run, examined, monkeypatch):
    patients = examined()
    monkeypatch.setenv("SITE_URL", "https://example.org")
    monkeypatch.setenv("EDGE_OUTSIDE_ADDRESS", "nginx-proxy-manager")
    monkeypatch.setenv("EDGE_OUTSIDE_HTTPS_PORT", "8443")
    monkeypatch.setenv("EDGE_ALIASES", "www.example.org, example.com")
    run("doctor", "--inside", "http://flask-blog:5000")
    [patient] = patients
    assert patient.outside.where == "https://example.org:8443"
    assert patient.outside.address == "nginx-proxy-manager"
    assert patient.inside.where == "http://flask-blog:5000"
    assert patient.aliases == ("www.example.org", "example.com")
    assert patient.edge_status is None


def test_beside_the_proxy_there_is_no_web_server_and_the_public_address_has_to_do(run, examined, monkeypatch):
    patients = examined()
    monkeypatch.setenv("SITE_URL", "https://example.org")
    monkeypatch.setenv("PORT", str(closed_port()))
    run("doctor")
    assert patients[0].inside is None
    assert patients[0].front.where == "https://example.org"


def test_a_web_server_that_is_here_is_asked_itself(run, examined, monkeypatch):
    patients = examined()
    monkeypatch.setenv("SITE_URL", "https://example.org")
    with raw_server(answer(b"{}")) as server:
        monkeypatch.setenv("PORT", str(server.port))
        run("doctor")
    assert patients[0].inside.where == f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize("address", ["", "http://localhost:5000", "http://127.0.0.1:5000", "http://blog.localhost"])
def test_a_site_of_this_machine_alone_has_no_outside(run, examined, monkeypatch, address):
    patients = examined()
    monkeypatch.setenv("SITE_URL", address)
    monkeypatch.setenv("PORT", "5055")
    run("doctor")
    assert patients[0].outside is None
    assert patients[0].inside.where == "http://127.0.0.1:5055"


def test_the_address_that_the_setup_page_has_stored_counts(run, examined, monkeypatch, database, database_uri):
    patients = examined()
    monkeypatch.setenv("DB_URI", database_uri)
    monkeypatch.setattr(command, "ADDRESS", "select 'https://stored.example'")
    run("doctor")
    assert patients[0].outside.where == "https://stored.example"


def test_a_site_that_is_down_is_examined_without_starting_anything(run, monkeypatch, tmp_path):
    monkeypatch.setenv("DB_URI", "")
    monkeypatch.setenv("PORT", str(closed_port()))
    ran = run("doctor", "--json")
    found = json.loads(ran.out)
    assert ran.code == 1
    assert [finding["check"] for finding in found["findings"]] == ["the site answers", "backup"]
    assert set(found["not_applicable"]) | set(found["sound"]) == set(CHECKS) - {"the site answers", "backup"}
    assert not (tmp_path / "data" / "postgres").exists()
