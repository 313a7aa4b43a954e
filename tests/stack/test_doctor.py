"""The doctor comes to a real site: sound as it is, and told as down when it is."""

import json

import pytest

pytestmark = pytest.mark.stack


def examine(stack):
    ran = stack.run("doctor", "--json")
    assert ran.stderr == ""
    return ran.returncode, json.loads(ran.stdout)


def test_a_new_site_lacks_a_backup_and_nothing_else(stack):
    assert stack.up().returncode == 0
    code, found = examine(stack)
    assert code == 1
    assert [finding["what"] for finding in found["findings"]] == ["there is no backup"]
    assert set(found["not_applicable"]) == {
        "reachable ports",
        "certificate",
        "redirects",
        "edge",
        "trusted proxies",
        "mail",
    }
    assert {"forged headers", "protecting headers", "compression", "versions", "jobs", "disk"} <= set(found["sound"])


def test_a_site_that_is_down_is_told_as_such_and_not_started(stack):
    code, found = examine(stack)
    assert code == 1
    assert "does not answer" in found["findings"][0]["what"]
    assert not stack.folder.cluster.exists()
