"""What the runbook tells people to type at night exists, and what it leads to is there."""

import re
from pathlib import Path

import pytest

from homeport.cli.documents import commands
from homeport.settings import VARIABLES

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
KNOWN = {path.removeprefix("homeport "): context.command for path, context in commands()}
SYMPTOMS = (
    "The site is down",
    "The site is slow",
    "The certificate",
    "The disk is full",
    "The database is gone",
    "Mail does not arrive",
    "Locked out",
    "A bad deploy",
    "Restoring",
)


def of_command(words: str) -> str:
    """Return the longest beginning of the words that is a command."""
    parts = words.split()
    return next((name for n in (2, 1) if (name := " ".join(parts[:n])) in KNOWN), "")


def in_code() -> list[str]:
    """Return what is set as something to type, and is one of ours."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"(?s)```.*?```", "", RUNBOOK)) + re.findall(r"(?m)^\$ (.+)$", RUNBOOK)
    return [found[1] for span in spans if (found := re.search(r"(?:^|bin/|exec \w[\w-]* )homeport ([a-z].*)", span))]


def test_it_names_commands_at_all():
    wanted = {"doctor", "edge status", "jobs list", "user reset", "backup prove", "restore"}
    assert wanted <= set(map(of_command, in_code()))


@pytest.mark.parametrize("typed", in_code())
def test_every_command_and_option_of_it_exists(typed):
    name = of_command(typed)
    assert name, f"there is no command {typed}"
    options = {option for parameter in KNOWN[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", typed)) <= options


def test_every_service_of_it_exists():
    asked = r"docker compose (?:exec|ps|restart|logs(?: --?\w+(?: \d+\w?)?)*|up -d) ([a-z][a-z-]+)"
    services = set(re.findall(asked, RUNBOOK))
    assert {"flask-blog", "postgres", "edge", "jobs"} <= services
    assert all(f"\n  {service}:\n" in COMPOSE for service in services), services


def test_every_setting_of_it_exists():
    ours = {variable.name for variable in VARIABLES}
    theirs = {"EDGE_EMAIL", "POSTGRES_IMAGE", "SITE_IMAGE"}
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)", RUNBOOK)) <= ours | theirs


def test_every_symptom_has_its_section():
    headings = re.findall(r"(?m)^## (.+)$", RUNBOOK)
    assert set(SYMPTOMS) <= set(headings)


def test_every_link_leads_somewhere():
    for page, anchor in re.findall(r"\]\(([\w./-]*)#?([\w-]*)\)", RUNBOOK):
        target = ROOT / "docs" / (page or "operations.md")
        assert target.exists(), page
        headings = re.findall(r"(?m)^#+ (.+)$", target.read_text(encoding="utf-8")) if anchor else []
        assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}, anchor


def test_findings_lead_to_sections_that_exist():
    for path in (ROOT / "src" / "homeport" / "ops" / "doctor").glob("*.py"):
        for section in re.findall(r"docs/operations\.md, `([^`]+)`", path.read_text(encoding="utf-8")):
            assert f"\n## {section}\n" in RUNBOOK
