import ast
from datetime import UTC, datetime
from pathlib import Path

import homeport
from homeport.accounts.events import WORDS, facts_of, words_for
from homeport.blog.noting import _BECAME

NOTING = {"note", "note_entry", "_note", "_change"}


def noted():
    """Every action that some line of the source writes into the log."""
    for path in Path(homeport.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in NOTING:
                for argument in (part for given in call.args for part in ast.walk(given)):
                    if isinstance(argument, ast.Constant) and "." in str(argument.value):
                        yield argument.value


def test_everything_that_is_noted_has_words_and_nothing_else_has():
    conditional = {"entry.published", "entry.changed"}
    assert set(noted()) | set(_BECAME.values()) | conditional == set(WORDS)


def test_what_a_newer_release_noted_is_shown_as_it_is():
    assert words_for("moon.landing") == "moon.landing"


def test_what_details_say_is_told_in_words_and_a_moment_as_one():
    details = {
        "entry": "x",
        "published_at": "2026-07-01T00:00:00+00:00",
        "expires_at": "soon",
        "by": ["a", "b"],
        "was": "",
    }
    assert facts_of(details) == [
        ("published at", datetime(2026, 7, 1, tzinfo=UTC)),
        ("expires at", "soon"),
        ("by", "a, b"),
    ]
