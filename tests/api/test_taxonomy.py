"""Tags and series as programs change them."""

import pytest

from tests.factories.blog import make_entry


@pytest.fixture(autouse=True)
def entry(session):
    return make_entry(session, tags=("JS", "JavaScript"), series="Building it", series_position=1)


def test_tags_are_listed_with_what_carries_them(program):
    items = program.get("/tags").json["items"]
    assert [(item["slug"], item["count"]) for item in items] == [("javascript", 1), ("js", 1)]


def test_a_tag_is_renamed_and_described_and_its_old_address_leads_on(program, client):
    changed = program.patch("/tags/js", {"slug": "scripts", "title": "Scripts", "description": "Small programs."})
    assert changed.json == {"slug": "scripts", "title": "Scripts", "description": "Small programs.", "count": 1}
    assert client.get("/tags/js").location.endswith("/tags/scripts")


def test_a_slug_that_another_tag_has_is_refused(program):
    assert program.patch("/tags/js", {"slug": "javascript"}).status_code == 409


@pytest.mark.parametrize("change", [{"slug": "No Slug"}, {"title": " "}, {"name": "x"}])
def test_what_cannot_be_is_refused(program, change):
    assert program.patch("/tags/js", change).status_code == 422


def test_two_tags_become_one(program):
    assert program.post("/tags/js/merger", {"into": "javascript"}).json["count"] == 1
    assert program.get("/tags/js").status_code == 404
    assert program.post("/tags/javascript/merger", {"into": "javascript"}).status_code == 422


def test_a_tag_is_taken_away_and_its_entries_stay(program, entry, client):
    assert program.delete("/tags/js").json == {"deleted": "js"}
    assert client.get("/tags/js").status_code == 410
    assert program.get(f"/entries/{entry.public_id}").json["tags"] == ["JavaScript"]
    assert program.delete("/tags/js").status_code == 404


def test_a_series_is_described(program):
    changed = program.patch("/series/building-it", {"title": "Building", "description": "Step by step."}).json
    assert changed == {"slug": "building-it", "title": "Building", "description": "Step by step.", "count": 1}
    assert program.get("/series").json["items"] == [changed]


def test_a_series_is_taken_away_and_its_entries_stay(program, entry, client):
    assert program.delete("/series/building-it").status_code == 200
    assert client.get("/series/building-it").status_code == 410
    read = program.get(f"/entries/{entry.public_id}").json
    assert (read["series"], read["series_position"]) == ("", None)


def test_an_author_may_not(make_program):
    assert make_program("author").get("/tags").status_code == 403
