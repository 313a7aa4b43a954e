"""What belongs to an entry, as programs see and change it."""

import pytest

from tests.factories.blog import make_draft


@pytest.fixture
def entry(program):
    return program.post("/entries", {"title": "Up", "source": "One."}).json


class TestRevisions:
    @pytest.fixture
    def changed(self, program, entry):
        return program.patch(f"/entries/{entry['id']}", {"source": "Two."}, version=entry["version"]).json

    def test_what_was_said_before_is_kept(self, program, changed):
        (card,) = program.get(f"/entries/{changed['id']}/revisions").json["revisions"]
        former = program.get(f"/entries/{changed['id']}/revisions/{card['number']}").json
        assert (former["title"], former["source"]) == ("Up", "One.")

    def test_it_comes_back(self, program, changed):
        answer = program.post(f"/entries/{changed['id']}/revisions/1/restoration")
        assert (answer.status_code, answer.json["source"]) == (200, "One.")
        assert len(program.get(f"/entries/{changed['id']}/revisions").json["revisions"]) == 2

    def test_there_may_be_no_such_revision(self, program, changed):
        assert program.get(f"/entries/{changed['id']}/revisions/99").status_code == 404
        assert program.get(f"/entries/{changed['id']}/revisions/{10**30}").status_code == 404


class TestShareLinks:
    def test_a_link_shows_the_draft_until_it_is_withdrawn(self, program, entry, client):
        answer = program.post(f"/entries/{entry['id']}/share-links", {"days": 7})
        assert (answer.status_code, answer.json["expires_at"] is not None) == (201, True)
        assert client.get(answer.json["path"]).status_code == 200
        assert program.get(f"/entries/{entry['id']}/share-links").json["links"] == [answer.json]
        withdrawn = program.delete(f"/entries/{entry['id']}/share-links/{answer.json['number']}")
        assert withdrawn.json == {"links": []}
        assert client.get(answer.json["path"]).status_code == 410

    def test_without_days_it_does_not_expire(self, program, entry):
        assert program.post(f"/entries/{entry['id']}/share-links", {}).json["expires_at"] is None

    @pytest.mark.parametrize("days", [0, 2, 365, "7", True])
    def test_other_times_are_refused(self, program, entry, days):
        assert program.post(f"/entries/{entry['id']}/share-links", {"days": days}).status_code == 422


def test_advice_is_given_before_publishing(program, entry):
    report = program.get(f"/entries/{entry['id']}/checks").json
    assert [each["kind"] for each in report["checks"]] == ["description"]
    assert report["weight_bytes"] > 0


def test_a_preview_shows_what_readers_would_get(program, entry):
    assert "One." in program.get(f"/entries/{entry['id']}/preview").json["html"]


def test_a_text_that_is_stored_nowhere_is_shown_too(program):
    assert "<em>soft</em>" in program.post("/previews", {"title": "Up", "source": "*soft*"}).json["html"]
    assert program.get("/entries").json["entries"] == []


@pytest.mark.parametrize("part", ["revisions", "revisions/1", "share-links", "checks", "preview", "working-copy"])
def test_an_author_sees_nothing_of_others(make_program, session, part):
    theirs = make_draft(session, authors=("Grace",))
    assert make_program("author").get(f"/entries/{theirs.public_id}/{part}").status_code == 403
