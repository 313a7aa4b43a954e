"""Tables for people, lines for programs."""

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from homeport.cli.tables import day_of, print_table


def test_a_program_gets_one_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Name", "Text"), [("a", "one\ttwo\nthree"), ("b", "")])
    assert capsys.readouterr().out == "a\tone two three\nb\t\n"


def test_people_get_names_of_columns_and_no_markup_is_obeyed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(("Name", "Text"), [("a", "[bold]x[/bold]")])
    out = capsys.readouterr().out
    assert "Name" in out
    assert "[bold]x[/bold]" in out


def test_a_day_is_the_one_where_the_site_is() -> None:
    late = datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert day_of(late, ZoneInfo("Europe/Berlin")) == "2026-11-20"
    assert day_of(None, ZoneInfo("Europe/Berlin")) == ""
