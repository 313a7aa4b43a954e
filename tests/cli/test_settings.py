"""`homeport settings`: what the author decides for the whole site."""

import json

import pytest
from sqlalchemy import inspect

from homeport.cli.settings import DESCRIPTIONS
from homeport.site.models import Site
from tests.cli.conftest import Run


def test_every_setting_of_the_site_is_described() -> None:
    assert set(DESCRIPTIONS) == {column.key for column in inspect(Site).columns} - {"id"}


def test_all_settings_are_shown_with_what_they_mean(run: Run) -> None:
    ran = run("settings")
    assert "title\tMy site\tWhat the site is called.\n" in ran.out
    assert len(ran.out.splitlines()) == len(DESCRIPTIONS)


def test_a_change_is_kept(run: Run) -> None:
    assert run("settings", "set", "title", "Far away").out == "title: Far away\n"
    assert json.loads(run("settings", "--json").out)["title"] == "Far away"


def test_the_menu_is_written_as_labels_and_addresses(run: Run) -> None:
    ran = run("settings", "set", "navigation", "About us=/about", "Code=https://example.org/?a=b")
    assert ran.code == 0
    assert json.loads(run("settings", "--json").out)["navigation"] == [
        {"label": "About us", "url": "/about"},
        {"label": "Code", "url": "https://example.org/?a=b"},
    ]
    assert run("settings", "set", "navigation").out == "navigation: \n"


def test_switches_are_true_or_false(run: Run) -> None:
    run("settings", "set", "smart_typography", "no")
    assert json.loads(run("settings", "--json").out)["smart_typography"] is False


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("time_zone", "Mars/Olympus"), "is not a time zone"),
        (("address", "example.org"), "is not an address"),
        (("title", "Far", "away"), "takes one value, not 2"),
        (("navigation", "About"), "is not a link of the menu"),
        (("raw_html", "perhaps"), "neither true nor false"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_a_sentence(run: Run, arguments: tuple[str, ...], complaint: str) -> None:
    ran = run("settings", "set", *arguments)
    assert ran.code == 4
    assert complaint in ran.err


def test_an_unknown_setting_is_wrong_usage(run: Run) -> None:
    assert run("settings", "set", "colour", "red").code == 2


def test_it_says_so_when_the_environment_wins(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://other.example")
    assert "https://other.example" in run("settings", "set", "address", "https://example.org").err
