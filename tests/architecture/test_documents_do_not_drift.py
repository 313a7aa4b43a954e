"""What is written about the code is what the code says."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from homeport.cli.documents import commands, documents, example_of
from homeport.settings import VARIABLES, Settings

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions" / "dependencies.md"
COMMANDS = list(commands())


@pytest.mark.parametrize("path", sorted(documents()))
def test_a_generated_document_is_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == documents()[path], "run bin/docs"


def test_the_documents_do_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = documents()
    monkeypatch.setenv("COLUMNS", "40")
    assert documents() == wide


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_every_setting_is_in_the_example(variable) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert f"\n#{variable.name}=" in example


def test_the_example_with_everything_switched_on_is_valid(tmp_path: Path) -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    values = dict(line[1:].split("=", 1) for line in lines if re.match(r"#[A-Z_]+=", line))
    assert set(values) == {variable.name for variable in VARIABLES}
    Settings.from_env({**values, "DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize(("path", "context"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_command_says_what_it_does_and_shows_an_example(path: str, context: click.Context) -> None:
    command = context.command
    assert (command.help or "").strip(), "there is no help"
    example = example_of(command)
    assert example, "there is no example"
    assert path.removeprefix("homeport ") in example
    shown = context.get_help()
    assert example in " ".join(shown.split())
    assert "\\b" not in shown, "a raw docstring shows click's mark as it is; put the example into the epilog"


@pytest.mark.parametrize(("path", "context"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_command_that_lists_can_do_so_in_json(path: str, context: click.Context) -> None:
    if path.endswith((" list", " status")):
        assert any("--json" in parameter.opts for parameter in context.command.params)


@pytest.mark.parametrize(("path", "context"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_option_is_explained(path: str, context: click.Context) -> None:
    options = [parameter for parameter in context.command.params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_every_dependency_at_run_time_has_its_paragraph() -> None:
    reasons = set(
        re.findall(r"(?m)^\*\*([a-z0-9-]+)\*\*", DECISIONS.read_text(encoding="utf-8").partition("## Only")[0])
    )
    assert set(_names("project", "dependencies")) == reasons


def test_every_tool_for_development_is_mentioned() -> None:
    text = DECISIONS.read_text(encoding="utf-8").partition("## Only")[2]
    tools = {name for name in _names("dependency-groups", "dev") if not name.startswith("types-")}
    assert {name for name in tools if f"**{name}**" not in text} == set()


def _names(table: str, key: str) -> Iterator[str]:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[table][key]
    return (re.match(r"[A-Za-z0-9._-]+", line)[0] for line in declared)
