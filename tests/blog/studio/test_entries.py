import pytest

from homeport.blog.models import Entry
from tests.factories.blog import make_draft
from tests.factories.members import sign_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def owner(session, client):
    return sign_in(session, client, "owner")


class TestShelf:
    def test_a_new_site_says_what_to_do(self, client, owner):
        page = client.get("/studio/entries")
        assert page.status_code == 200
        assert "Write a post" in page.text
        assert page.headers["Cache-Control"] == "no-store"

    def test_it_lists_what_is_written(self, session, client, owner):
        make_draft(session, title="Half a thought")
        assert "Half a thought" in client.get("/studio/entries?state=draft").text


class TestCreate:
    def test_nothing_is_stored_before_something_is_saved(self, session, client, owner):
        assert client.get("/studio/entries/new").status_code == 200
        assert session.query(Entry).count() == 0

    def test_a_form_makes_a_draft_and_leads_to_it(self, session, client, owner):
        answer = client.post("/studio/entries", data={"title": "First", "source": "Words\r\n"})
        assert answer.status_code == 303
        page = client.get(answer.location)
        assert "Words" in page.text
        assert "Saved." in page.text
        assert session.query(Entry).one().source == "Words\n"

    def test_the_script_learns_where_to_save_next(self, session, client, owner):
        answer = client.post("/studio/entries", json={"source": "Words"}, headers=JSON)
        assert answer.status_code == 201
        assert answer.json["save_url"] == f"{answer.json['url']}/save"
        assert answer.json["version"] == 1


class TestSave:
    def test_a_form_comes_back_to_the_editor(self, session, client, owner):
        entry = make_draft(session, source="old")
        url = f"/studio/entries/{entry.public_id}"
        answer = client.post(f"{url}/save", data={"source": "new", "version": "1"})
        assert (answer.status_code, answer.location) == (303, f"{url}?done=saved")
        session.refresh(entry)
        assert (entry.source, entry.version) == ("new", 2)
