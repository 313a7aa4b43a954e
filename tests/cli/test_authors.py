"""`homeport author`: the names over posts."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cli.conftest import Run
from tests.factories.blog import make_entry


def test_an_imported_author_is_listed_and_described(run: Run, session: Session, client: FlaskClient) -> None:
    make_entry(session, authors=("Ada",))
    assert run("author", "list").out == "ada\tAda\t\n"
    ran = run("author", "describe", "ada", "--name", "Ada Lovelace", "--bio", "Writes about engines.")
    assert ran.out == "Ada Lovelace is at /authors/ada\n"
    assert "Writes about engines." in client.get("/authors/ada").text


def test_the_list_says_who_signs_in(run: Run) -> None:
    run("user", "add", "ada", "--password-stdin", given="seven quiet lanterns")
    assert [one["account"] for one in json.loads(run("author", "list", "--json").out)] == ["ada"]


@pytest.mark.parametrize("wrong", [("--name", " "), ("--url", "javascript:alert(1)"), ("--image", "//evil.example/x")])
def test_what_cannot_be_taken_is_refused(run: Run, session: Session, wrong: tuple[str, str]) -> None:
    make_entry(session, authors=("Ada",))
    assert run("author", "describe", "ada", *wrong).code == 4


def test_an_unknown_author_is_not_found(run: Run) -> None:
    ran = run("author", "describe", "nobody")
    assert ran.code == 3
    assert "author list" in ran.err
