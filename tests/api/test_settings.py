"""Settings as programs change them."""

import pytest

from homeport.site.actions import site_of
from tests.factories.blog import make_entry


def test_everything_that_the_site_has_is_there(program, site):
    read = program.get("/settings").json
    columns = {column.name for column in type(site).__table__.columns} - {"id"}
    assert set(read) == columns


def test_what_is_left_out_stays(program):
    before = program.get("/settings").json
    links = [{"label": "About", "url": "/about"}]
    after = program.patch("/settings", {"title": "The house", "navigation": links}).json
    assert after == {**before, "title": "The house", "navigation": links}


def test_entries_follow(program, session):
    entry = make_entry(session, slug="hello")
    program.patch("/settings", {"permalink_pattern": "/{slug}"})
    assert program.get(f"/entries/{entry.public_id}").json["path"] == "/hello"


@pytest.mark.parametrize(
    "change",
    [{"time_zone": "Mars/Base"}, {"font": "comic"}, {"colour": "red"}, {"accent": "red"}, {"permalink_pattern": "x"}],
)
def test_what_cannot_be_is_told_by_its_name(program, session, change):
    answer = program.patch("/settings", {"title": "New", **change})
    assert (answer.status_code, set(answer.json["faults"])) == (422, set(change))
    assert site_of(session).title == "My site"


def test_an_editor_may_not(make_program):
    assert make_program("editor").get("/settings").status_code == 403
