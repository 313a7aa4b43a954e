"""`homeport tag` and `homeport series`."""

import json

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cli.conftest import Run
from tests.factories.blog import make_entry


def test_a_tag_gets_another_name_and_its_old_address_leads_on(run: Run, session: Session, client: FlaskClient) -> None:
    make_entry(session, tags=("JS",))
    assert (
        run("tag", "rename", "js", "javascript", "--title", "JavaScript").out == "JavaScript is at /tags/javascript\n"
    )
    assert client.get("/tags/js").location == "/tags/javascript"


def test_two_tags_become_one(run: Run, session: Session) -> None:
    make_entry(session, tags=("JS",))
    make_entry(session, tags=("JavaScript",))
    run("tag", "merge", "js", "javascript")
    assert [(tag["slug"], tag["count"]) for tag in json.loads(run("tag", "list", "--json").out)] == [("javascript", 2)]


def test_a_tag_is_described(run: Run, session: Session, client: FlaskClient) -> None:
    make_entry(session, tags=("Sky",))
    assert run("tag", "describe", "sky", "--text", "Everything above.").out == "Sky: Everything above.\n"
    assert "Everything above." in client.get("/tags/sky").text


def test_a_taken_slug_is_a_conflict_and_an_unknown_one_is_not_found(run: Run, session: Session) -> None:
    make_entry(session, tags=("One", "Two"))
    assert run("tag", "rename", "one", "two").code == 5
    assert run("tag", "rename", "three", "four").code == 3


def test_series_are_listed_and_described(run: Run, session: Session) -> None:
    make_entry(session, series="Building it")
    assert run("series", "list").out == "building-it\t1\tBuilding it\n"
    assert run("series", "describe", "building-it", "--title", "Built").out == "Built: \n"
