import re
from datetime import UTC, datetime

import pytest

from homeport.blog.writing import save_entry
from tests.factories.blog import make_draft, make_entry
from tests.factories.members import sign_in

JSON = {"Accept": "application/json"}
EARLIER, LATER = datetime(2024, 5, 3, 10, tzinfo=UTC), datetime(2099, 5, 3, 10, tzinfo=UTC)


@pytest.fixture
def owner(session, client):
    return sign_in(session, client, "owner")


def url_of(entry):
    return f"/studio/entries/{entry.public_id}"


def test_a_form_is_saved_and_published_by_one_button(session, client, owner):
    entry = make_draft(session, title="Old")
    answer = client.post(f"{url_of(entry)}/publish", data={"title": "New", "source": "words", "version": "1"})
    assert (answer.status_code, answer.location) == (303, f"{url_of(entry)}?done=published")
    assert "Readers see it now" in client.get(answer.location).text
    assert "words" in client.get("/posts/new").text


def test_a_date_to_come_schedules_in_the_sites_time_zone(session, client, owner, site):
    site.time_zone = "Europe/Berlin"
    entry = make_draft(session)
    answer = client.post(f"{url_of(entry)}/publish", json={"published_at": "2099-07-01T08:00"}, headers=JSON)
    session.refresh(entry)
    assert entry.published_at.isoformat() == "2099-07-01T06:00:00+00:00"
    assert answer.json["state"] == "published"
    assert client.get(entry.path).status_code == 404
    assert "scheduled" in client.get(url_of(entry)).text


@pytest.mark.parametrize(
    ("state", "date", "words"),
    [
        ("draft", None, "Publish"),
        ("draft", LATER, "Schedule"),
        ("published", LATER, "Schedule"),
        ("published", EARLIER, "Update"),
        ("unlisted", EARLIER, "Update"),
    ],
)
def test_the_button_says_what_it_does(session, client, owner, state, date, words):
    entry = make_entry(session, state=state, published_at=date)
    page = client.get(url_of(entry)).text
    assert re.findall(r"data-otherwise[^>]*>([^<]*)<", page) == [words]


def test_the_notice_says_when_on_the_sites_clock(session, client, owner, site):
    site.time_zone = "Europe/Berlin"
    entry = make_draft(session)
    client.post(f"{url_of(entry)}/publish", json={"published_at": "2099-11-24T09:00"}, headers=JSON)
    page = client.get(f"{url_of(entry)}?done=scheduled").text
    assert "Scheduled for 24 November 2099, 09:00 (Europe/Berlin)." in page


def test_a_date_to_come_is_forgotten_on_the_way_back_to_the_drafts(session, client, owner):
    entry = make_entry(session, published_at=LATER)
    page = client.post(f"{url_of(entry)}/unpublish", follow_redirects=True).text
    session.refresh(entry)
    assert entry.published_at is None
    assert 'name="published_at" type="datetime-local" value=""' in page


def test_a_date_that_has_passed_is_kept_and_said(session, client, owner):
    entry = make_entry(session, published_at=EARLIER)
    page = client.post(f"{url_of(entry)}/unpublish", follow_redirects=True).text
    assert "It keeps its date, 3 May 2024, 10:00; empty the date to publish it as new." in page
    assert "dated 3 May 2024" in page
    page = client.post(f"{url_of(entry)}/publish", follow_redirects=True).text
    assert "Readers see it now. It has the date 3 May 2024, 10:00." in page


def test_what_is_scheduled_can_appear_at_once(session, client, owner):
    entry = make_draft(session)
    client.post(f"{url_of(entry)}/publish", json={"published_at": "2099-07-01T08:00"}, headers=JSON)
    client.post(f"{url_of(entry)}/publish", data={"when": "now", "published_at": "2099-07-01T08:00"})
    assert client.get(entry.path).status_code == 200


def test_a_clock_that_shows_the_time_twice_is_explained(session, client, owner, site):
    site.time_zone = "Europe/Berlin"
    entry = make_draft(session)
    answer = client.post(f"{url_of(entry)}/publish", json={"published_at": "2099-10-25T02:30"}, headers=JSON)
    assert answer.json["goes_to"] == f"{url_of(entry)}?done=scheduled&note=twice"
    assert "the first time is meant" in answer.json["notes"][0]


def test_without_a_title_nothing_is_published_and_nothing_lost(session, client, owner):
    entry = make_draft(session, title="", source="old")
    page = client.post(f"{url_of(entry)}/publish", data={"source": "precious", "version": "1"})
    assert page.status_code == 422
    assert "precious" in page.text
    assert "Give it a title" in page.text
    assert 'name="version" value="1"' in page.text


def test_a_conflict_is_told_before_anything_is_published(session, client, owner):
    entry = make_draft(session, source="one")
    save_entry(session, owner, entry.public_id, {"source": "two"}, version=1)
    answer = client.post(f"{url_of(entry)}/publish", json={"source": "three", "version": 1}, headers=JSON)
    assert answer.status_code == 409
    session.refresh(entry)
    assert (entry.state, entry.source) == ("draft", "two")


def test_changes_of_what_is_unlisted_stay_out_of_the_lists(session, client, owner):
    entry = make_entry(session, state="unlisted")
    client.post(f"{url_of(entry)}/publish", data={"source": "new", "version": "1", "keep_state": "yes"})
    session.refresh(entry)
    assert (entry.state, entry.source) == ("unlisted", "new")


@pytest.mark.parametrize(("act", "state"), [("unpublish", "draft"), ("unlist", "unlisted")])
def test_a_button_takes_it_back(session, client, owner, act, state):
    entry = make_entry(session)
    assert client.post(f"{url_of(entry)}/{act}").status_code == 303
    session.refresh(entry)
    assert entry.state == state


def test_deleting_leads_to_the_list_and_can_be_undone(session, client, owner):
    entry = make_entry(session)
    answer = client.post(f"{url_of(entry)}/delete")
    assert "restored" in client.get(answer.location).text
    assert client.get(entry.path).status_code == 410
    assert client.post(f"{url_of(entry)}/restore", headers=JSON).json["state"] == "published"
    assert client.get(entry.path).status_code == 200


def test_what_was_just_deleted_comes_back_by_one_button(session, client, owner):
    entry = make_entry(session)
    page = client.post(f"{url_of(entry)}/delete", follow_redirects=True).text
    assert f'action="{url_of(entry)}/restore"' in page
    assert "Undo" in page
    assert "Undo" not in client.get("/studio/entries?deleted=nothing").text


def test_what_was_just_published_can_be_seen_from_there(session, client, owner):
    entry = make_draft(session, title="Hello")
    typed = {"title": "Hello", "source": "words", "version": "1"}
    page = client.post(f"{url_of(entry)}/publish", data=typed, follow_redirects=True).text
    session.refresh(entry)
    assert f'<a href="{entry.path}">See it on the site</a>' in page


@pytest.mark.parametrize("act", ["publish", "unpublish", "unlist", "delete", "restore"])
def test_authors_do_none_of_it_with_what_is_not_theirs(session, client, act):
    sign_in(session, client, "author")
    entry = make_entry(session)
    assert client.post(f"{url_of(entry)}/{act}").status_code == 403
    session.refresh(entry)
    assert (entry.state, entry.deleted_at) == ("published", None)


@pytest.mark.parametrize("act", ["publish", "delete"])
def test_what_another_site_asks_for_is_not_done(session, client, owner, act):
    entry = make_draft(session)
    assert client.post(f"{url_of(entry)}/{act}", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
