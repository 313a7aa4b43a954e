"""All of it: a sound site gives no finding, and a site that answers nobody is told once."""

from homeport.ops.doctor import examination
from homeport.ops.doctor.examination import CHECKS, examine
from homeport.ops.doctor.findings import Finding, NotApplicableError, Result
from homeport.ops.doctor.view import View
from tests.ops.doctor.conftest import closed_port


def test_a_sound_site_gives_no_finding(world):
    results = world.examine()
    assert {name: result for name, result in results.items() if not result.has_passed} == {}
    assert list(results) == list(CHECKS)


def test_a_site_without_proxy_passes_nothing_that_it_was_not_asked(world):
    """As under `bin/up`: no public address, no proxy, no mail server."""
    world.set("mail", host="")
    world.change(outside=None, settings=world.patient.settings.replace(site_url="", trusted_proxies=()))
    (world.patient.notes / "edge.json").unlink()
    results = world.examine()
    assert [result for result in results.values() if result.findings] == []
    assert {name for name, result in results.items() if result.not_applicable} == {
        "reachable ports",
        "certificate",
        "redirects",
        "edge",
        "trusted proxies",
        "mail",
    }


def test_a_site_that_answers_nobody_is_one_finding_and_not_ten(world):
    nobody = View.of(f"http://127.0.0.1:{closed_port()}")
    world.change(inside=nobody, outside=None)
    results = world.examine()
    [result] = [result for result in results.values() if result.findings]
    assert result.check == "the site answers"
    assert "does not answer" in result.findings[0].what
    assert "does not answer" in results["compression"].not_applicable


def test_what_was_found_before_a_check_had_to_give_up_is_kept(world, monkeypatch):
    def half(_patient):
        yield Finding("something", "because", "do it")
        raise NotApplicableError("the rest is not here")

    monkeypatch.setattr(examination, "CHECKS", {"half": half})
    [result] = examine(world.patient)
    assert result == Result("half", (Finding("something", "because", "do it"),), "the rest is not here")
    assert not result.has_passed


def test_every_finding_says_why_and_what_to_do(world):
    world.change(newest_schema="9999")
    world.set("mail", host="")
    world.front.spoil_headers = lambda _headers: []
    (world.patient.notes / "backup.json").unlink()
    findings = [finding for result in world.examine().values() for finding in result.findings]
    assert len(findings) > 5
    assert all(finding.what and finding.why.endswith(".") and finding.remedy.endswith(".") for finding in findings)
