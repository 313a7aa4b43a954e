import json

import pytest

from homeport.cli import containers
from homeport.ops.compose.findings import fault, warning

ADDRESSES = ("--site-url", "https://example.org", "--email", "me@example.org")


@pytest.fixture
def surroundings(monkeypatch):
    """What the look at the machine finds; the machine of a test has nothing to say."""
    found = []
    monkeypatch.setattr(containers, "check_surroundings", lambda *_: iter(found))
    return found


@pytest.fixture
def folder(run, tmp_path):
    assert run("stack", "init", str(tmp_path / "stack"), *ADDRESSES).code == 0
    return tmp_path / "stack"


def test_a_folder_is_made_once(run, folder):
    again = run("stack", "init", str(folder))
    assert again.code == 0
    assert "Everything is there already." in again.out


def test_no_secret_is_ever_shown(run, tmp_path):
    said = run("stack", "init", str(tmp_path / "stack"), *ADDRESSES).out
    for path in (tmp_path / "stack" / "secrets").iterdir():
        assert path.read_text().strip() not in said


def test_the_recovery_key_is_shown_once(run, tmp_path):
    assert "AGE-SECRET-KEY-1" in run("stack", "init", str(tmp_path / "stack"), *ADDRESSES).out
    assert "AGE-SECRET-KEY-1" not in run("stack", "init", str(tmp_path / "stack")).out


def test_an_archive_needs_its_key(run, tmp_path):
    (tmp_path / "archive.age").write_bytes(b"")
    refused = run("stack", "init", str(tmp_path / "stack"), "--archive", str(tmp_path / "archive.age"))
    assert refused.code == 2
    assert not (tmp_path / "stack").exists()


def test_a_site_needs_an_address(run, tmp_path):
    refused = run("stack", "init", str(tmp_path / "stack"))
    assert refused.code == 4
    assert "--site-url https://your.domain" in refused.err


def test_a_stack_without_fault_is_ready(run, folder, surroundings):
    surroundings.append(warning("a risk", "take care"))
    checked = run("stack", "check", str(folder))
    assert checked.code == 0
    assert checked.out == "warning: a risk\n    take care\nReady: docker compose up -d\n"


def test_all_faults_are_told_at_once_and_first(run, folder, surroundings):
    surroundings += [warning("a risk", "take care"), fault("a port is taken", "free it")]
    (folder / "secrets" / "flask_key").unlink()
    (folder / "secrets").chmod(0o755)
    checked = run("stack", "check", str(folder))
    assert checked.code == 4
    assert [line.partition(":")[0] for line in checked.out.splitlines() if line[0] != " "] == ["fault"] * 8 + [
        "warning"
    ]
    assert "8 faults to mend" in checked.err


def test_findings_are_there_for_machines_too(run, folder, surroundings):
    surroundings.append(fault("a port is taken", "free it"))
    checked = run("stack", "check", str(folder), "--json")
    assert checked.code == 4
    assert json.loads(checked.out) == [{"what": "a port is taken", "remedy": "free it", "is_fault": True}]


def test_a_folder_without_a_stack_is_told_apart(run, tmp_path):
    assert run("stack", "check", str(tmp_path)).code == 3
