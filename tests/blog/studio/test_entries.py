import re
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from homeport.blog.actions import delete_entry
from homeport.blog.forms import MOST_SOURCE
from homeport.blog.models import Entry
from homeport.db.session import Database
from tests.factories.blog import make_draft, make_entry
from tests.factories.members import sign_in
from tests.factories.statements import recorded

JSON = {"Accept": "application/json"}


@pytest.fixture
def owner(session, client):
    return sign_in(session, client, "owner")


def url_of(entry):
    return f"/studio/entries/{entry.public_id}"


def field_in(page, name):
    """The value of a form's field, as a browser would read it."""
    area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    return unescape(area[1] if area else re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1])


def form_of(page):
    names = re.findall(r'<(?:input|textarea|select)[^>]* name="([a-z_]+)"', page.text)
    return {name: field_in(page, name) for name in names if name not in ("kind", "comments_open", "days", "when")}


class TestShelf:
    def test_a_new_site_says_what_to_do(self, client, owner):
        page = client.get("/studio/entries")
        assert "Write a post" in page.text
        assert page.headers["Cache-Control"] == "no-store"

    def test_it_lists_what_fits(self, session, client, owner):
        make_draft(session, title="Half a thought")
        make_entry(session, title="A whole one")
        assert "Half a thought" in client.get("/studio/entries?state=draft&q=thought").text
        assert "A whole one" not in client.get("/studio/entries?state=draft").text
        assert "Nothing fits" in client.get("/studio/entries?kind=page").text

    def test_authors_see_their_own(self, session, client):
        sign_in(session, client, "author")
        make_draft(session, title="Somebody else's")
        assert "Somebody else" not in client.get("/studio/entries").text

    def test_words_and_cursors_of_any_kind_are_harmless(self, client, owner):
        for query in ("q=%25_%27%22<b>", "before=nonsense", "before=2026-01-01~x", "state=odd&kind=odd"):
            assert client.get(f"/studio/entries?{query}").status_code == 200


class TestCreate:
    def test_nothing_is_stored_before_something_is_saved(self, session, client, owner):
        assert client.get("/studio/entries/new?kind=note").status_code == 200
        assert session.scalars(select(func.count()).select_from(Entry)).one() == 0

    def test_a_form_makes_a_draft_and_leads_to_it(self, session, client, owner):
        answer = client.post("/studio/entries", data={"title": "First", "source": "Words\r\n"})
        assert answer.status_code == 303
        page = client.get(answer.location)
        assert field_in(page, "source") == "Words\n"
        assert "Saved." in page.text

    def test_the_script_learns_where_to_save_next(self, session, client, owner):
        answer = client.post("/studio/entries", json={"source": "Words", "tags": ["One", "Two"]}, headers=JSON)
        assert answer.status_code == 201
        assert answer.json["save_url"] == f"{answer.json['url']}/save"
        assert (answer.json["version"], answer.json["state"], answer.json["slug"]) == (1, "draft", "words")

    def test_what_is_nested_without_end_is_refused(self, client, owner):
        deep = '{"source": ' + "[" * 100_000 + "]" * 100_000 + "}"
        answer = client.post("/studio/entries", data=deep, content_type="application/json", headers=JSON)
        assert answer.status_code == 422

    def test_a_form_that_is_sent_twice_makes_one_entry(self, session, client, owner):
        form = form_of(client.get("/studio/entries/new")) | {"title": "First", "source": "Words"}
        first = client.post("/studio/entries", data=form)
        again = client.post("/studio/entries", data=form)
        assert first.location.partition("?")[0] == again.location.partition("?")[0]
        assert session.scalars(select(Entry.title)).all() == ["First"]

    def test_more_words_after_an_answer_that_was_lost_go_into_the_same_entry(self, session, client, owner):
        sent = {"new_id": str(uuid4()), "source": "Words"}
        first = client.post("/studio/entries", json=sent, headers=JSON).json
        again = client.post("/studio/entries", json={**sent, "source": "Words and more"}, headers=JSON).json
        assert (again["id"], again["version"]) == (first["id"], 2) == (sent["new_id"], 2)

    def test_what_somebody_wrote_into_it_meanwhile_is_a_conflict(self, session, client, owner):
        sent = {"new_id": str(uuid4()), "source": "Words"}
        url = client.post("/studio/entries", json=sent, headers=JSON).json["save_url"]
        client.post(url, json={"source": "Theirs", "version": 1}, headers=JSON)
        assert client.post("/studio/entries", json={**sent, "source": "Mine"}, headers=JSON).status_code == 409

    def test_an_id_that_belongs_to_somebody_elses_entry_opens_nothing(self, session, client):
        sign_in(session, client, "author")
        sent = {"new_id": str(make_draft(session).public_id), "source": "Words"}
        assert client.post("/studio/entries", json=sent, headers=JSON).status_code == 403

    def test_a_new_form_keeps_its_id_when_it_comes_back(self, client, owner):
        form = form_of(client.get("/studio/entries/new")) | {"slug": "No Good"}
        assert field_in(client.post("/studio/entries", data=form), "new_id") == form["new_id"]

    def test_what_is_at_fault_comes_back_with_all_that_was_typed(self, client, owner):
        typed = {"title": "T <b>", "source": "\n\nWords & more", "tags": "t" * 200, "published_at": "soon"}
        page = client.post("/studio/entries", data=typed)
        assert page.status_code == 422
        assert {name: field_in(page, name) for name in typed} == typed
        assert page.text.count('class="error"') == 2

    def test_a_text_that_is_too_long_comes_back(self, client, owner):
        page = client.post("/studio/entries", data={"title": "T", "source": "x" * (MOST_SOURCE + 1)})
        assert page.status_code == 422
        assert "The text is too long" in page.text
        assert len(field_in(page, "source")) == MOST_SOURCE + 1

    def test_the_script_is_told_each_fault(self, client, owner):
        answer = client.post("/studio/entries", json={"title": "a\x00b", "slug": "A B"}, headers=JSON)
        assert answer.status_code == 422
        assert set(answer.json["faults"]) == {"title", "slug"}

    @pytest.mark.parametrize("body", ["[]", '"x"', "null"])
    def test_json_that_is_no_form_is_refused(self, client, owner, body):
        headers = {**JSON, "Content-Type": "application/json"}
        assert client.post("/studio/entries", data=body, headers=headers).status_code == 422


class TestEdit:
    def test_a_form_that_is_sent_as_it_was_shown_changes_no_byte(self, session, client, owner):
        source = "\n\nFirst\r\nsecond\n\tthird  \r\n</textarea>&amp;"
        entry = make_draft(session, title='"Quoted" <b>', source=source, tags=("C++",), language="de")
        form = form_of(client.get(url_of(entry)))
        sent = {name: re.sub(r"\r\n|\r|\n", "\r\n", value) for name, value in form.items()}
        assert client.post(f"{url_of(entry)}/save", data=sent).status_code == 303
        session.refresh(entry)
        assert (entry.source, entry.version, entry.title) == (source, 1, '"Quoted" <b>')

    def test_what_was_deleted_can_be_restored_there(self, session, client, owner):
        entry = make_entry(session)
        delete_entry(session, entry)
        page = client.get(url_of(entry))
        assert "Restore it" in page.text

    def test_advice_stands_in_the_page_when_it_is_asked_for(self, session, client, owner):
        entry = make_draft(session, source="[a](/nowhere)")
        assert "leads nowhere" in client.get(f"{url_of(entry)}?checks=yes").text

    def test_only_who_asks_or_has_just_done_something_waits_for_advice(self, session, client, owner):
        url = url_of(make_draft(session, source="#### Deep"))
        assert "Check it</button>" in client.get(url).text
        saved = client.get(f"{url}?done=saved").text
        assert "2 hints</button>" in saved
        assert "Worth a look" not in saved
        told = client.get(f"{url}?done=published").text
        assert "skips a level" in told[: told.index('id="editor"')]

    def test_its_statements_do_not_grow(self, session, client, owner, connection):
        entry = make_draft(session, tags=("one",), authors=("Ada",))
        client.get(url_of(entry))
        with recorded(connection) as few:
            client.get(url_of(entry))
        many_tags = make_draft(session, tags=("one", "two", "three"), authors=("Ada", "Grace"))
        with recorded(connection) as many:
            client.get(url_of(many_tags))
        # One of them is for the menu, which says how many comments wait.
        assert len(many) == len(few) <= 17

    def test_somebody_elses_entry_is_not_opened(self, session, client):
        sign_in(session, client, "author")
        assert client.get(url_of(make_draft(session))).status_code == 403


class TestSave:
    def test_a_form_comes_back_to_the_editor(self, session, client, owner):
        entry = make_draft(session, source="old")
        answer = client.post(f"{url_of(entry)}/save", data={"source": "new", "version": "1"})
        assert (answer.status_code, answer.location) == (303, f"{url_of(entry)}?done=saved")
        session.refresh(entry)
        assert (entry.source, entry.version) == ("new", 2)

    def test_the_button_of_the_hints_saves_and_leads_to_them(self, session, client, owner):
        entry = make_draft(session)
        page = client.get(url_of(entry))
        answer = client.post(f"{url_of(entry)}/save", data={**form_of(page), "title": "New", "action": "check"})
        assert answer.location == f"{url_of(entry)}?done=saved#checks-heading"
        session.refresh(entry)
        assert entry.title == "New"

    def test_the_script_learns_what_was_stored(self, session, client, owner):
        entry = make_draft(session, title="Old")
        answer = client.post(f"{url_of(entry)}/save", json={"title": "New title", "version": 1}, headers=JSON)
        known = {name: answer.json[name] for name in ("version", "slug", "path", "state", "is_changed")}
        path = "/posts/new-title"
        assert known == {"version": 2, "slug": "new-title", "path": path, "state": "draft", "is_changed": False}

    def test_a_date_on_a_night_when_the_clocks_change_is_explained(self, session, client, owner, site):
        site.time_zone = "Europe/Berlin"
        entry = make_draft(session)
        typed = {"published_at": "2026-03-29T02:30", "version": "1"}
        page = client.get(client.post(f"{url_of(entry)}/save", data=typed).location)
        assert "moved forward" in page.text
        assert field_in(page, "published_at") == "2026-03-29T03:30"

    def test_of_two_forms_the_second_shows_both_texts_and_keeps_what_was_typed(self, session, client, owner):
        entry = make_draft(session, title="T", source="one\ntwo\nthree\n")
        form = form_of(client.get(url_of(entry)))
        client.post(f"{url_of(entry)}/save", data={**form, "source": "ONE\r\ntwo\r\nthree\r\n"})
        page = client.post(f"{url_of(entry)}/save", data={**form, "source": "one\r\ntwo\r\nTHREE\r\n", "title": "Mine"})
        assert page.status_code == 409
        assert "has changed this in the meantime" in page.text
        assert field_in(page, "source") == "ONE\ntwo\nTHREE\n"
        assert (field_in(page, "title"), field_in(page, "version")) == ("Mine", "2")
        assert "one\r\ntwo\r\nTHREE" in page.text.replace("&#13;", "\r") or "THREE" in page.text
        merged = form_of(page)
        assert client.post(f"{url_of(entry)}/save", data=merged).status_code == 303
        session.refresh(entry)
        assert entry.source == "ONE\ntwo\nTHREE\n"

    def test_the_script_is_given_both_and_what_came_of_them(self, session, client, owner):
        entry = make_draft(session, source="one\n")
        client.post(f"{url_of(entry)}/save", json={"source": "ONE\n", "version": 1}, headers=JSON)
        sent = {"source": "one!\n", "version": 1, "base_source": "one\n", "base_fields": {"title": entry.title}}
        answer = client.post(f"{url_of(entry)}/save", json=sent, headers=JSON)
        assert answer.status_code == 409
        assert (answer.json["version"], answer.json["changed_by"]) == (2, owner.display_name)
        assert answer.json["theirs"]["fields"]["source"] == "ONE\n"
        assert answer.json["merged"]["has_conflicts"] is True
        assert answer.json["changed_at"]

    def test_what_another_account_s_window_sends_is_not_stored(self, session, client, owner):
        entry = make_draft(session, source="old")
        sent = {"source": "new", "version": 1, "account": owner.account_id}
        refused = client.post(f"{url_of(entry)}/save", json={**sent, "account": owner.account_id + 1}, headers=JSON)
        assert (refused.status_code, entry.source) == (401, "old")
        assert client.post("/studio/entries", json={"source": "x", "account": 0}, headers=JSON).status_code == 401
        assert client.post(f"{url_of(entry)}/save", json=sent, headers=JSON).status_code == 200

    def test_what_was_deleted_meanwhile_gives_the_text_back(self, session, client, owner):
        entry = make_draft(session)
        delete_entry(session, entry)
        page = client.post(f"{url_of(entry)}/save", data={"source": "precious", "version": "1"})
        assert page.status_code == 409
        assert field_in(page, "source") == "precious"

    def test_a_database_that_goes_away_gives_the_form_back(self, session, client, owner, app, monkeypatch):
        def away(*_arguments, **_options):
            raise OperationalError("select", {}, Exception("server closed the connection"))

        entry = make_draft(session)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        monkeypatch.setattr("homeport.blog.studio.entries.save_entry", away)
        page = client.post(f"{url_of(entry)}/save", data={"source": "precious <b>", "title": "T", "version": "1"})
        assert page.status_code == 503
        assert (field_in(page, "source"), field_in(page, "title")) == ("precious <b>", "T")
        assert client.post(f"{url_of(entry)}/save", json={"version": 1}, headers=JSON).status_code == 503

    def test_a_database_that_is_away_from_the_start_does_so_too(self, client, owner, app, monkeypatch):
        monkeypatch.setattr("homeport.accounts.guard.reader", gone)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        page = client.post("/studio/entries", data={"source": "precious"})
        assert (page.status_code, field_in(page, "source")) == (503, "precious")

    def test_another_fault_is_no_database_that_is_away(self, session, client, owner, app, monkeypatch):
        def broken(*_arguments, **_options):
            raise RuntimeError("a bug")

        app.config["PROPAGATE_EXCEPTIONS"] = False
        monkeypatch.setattr("homeport.blog.studio.entries.save_entry", broken)
        assert client.post(f"{url_of(make_draft(session))}/save", data={"version": "1"}).status_code == 500


def gone():
    with Database("postgresql+psycopg2://nobody@/nothing?host=/nowhere").reader() as connection:
        return connection
