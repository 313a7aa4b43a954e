import pytest

from homeport.blog.writing import save_entry
from tests.factories.blog import make_draft
from tests.factories.members import sign_in


@pytest.fixture
def owner(session, client):
    return sign_in(session, client, "owner")


@pytest.fixture
def entry(session, owner):
    entry = make_draft(session, title="Old", source="The sea is calm <b>today</b>.")
    typed = {"title": "New", "source": "The sea is wild <b>today</b>."}
    save_entry(session, owner, entry.public_id, typed, version=1)
    return entry


def url_of(entry):
    return f"/studio/entries/{entry.public_id}/revisions"


def test_the_list_leads_to_each(client, entry):
    assert f"{url_of(entry)}/1" in client.get(url_of(entry)).text


def test_an_entry_without_any_says_when_there_will_be(session, client, owner):
    assert "No revisions yet" in client.get(url_of(make_draft(session))).text


def test_the_words_that_changed_are_marked(client, entry):
    page = client.get(f"{url_of(entry)}/1").text
    assert "<del>calm</del>" in page
    assert "<ins>wild</ins>" in page
    assert "&lt;b&gt;" in page


def test_a_button_goes_back(session, client, entry):
    answer = client.post(f"{url_of(entry)}/1/restore")
    assert "The former text is back" in client.get(answer.location).text
    session.refresh(entry)
    assert (entry.title, entry.source) == ("Old", "The sea is calm <b>today</b>.")


def test_one_that_is_not_there_is_not_found(client, entry):
    assert client.get(f"{url_of(entry)}/99").status_code == 404
    assert client.post(f"{url_of(entry)}/99/restore").status_code == 404


def test_somebody_elses_are_not_shown(session, client, entry, app):
    other = app.test_client()
    sign_in(session, other, "author")
    assert other.get(url_of(entry)).status_code == 403
    assert other.get(f"{url_of(entry)}/1").status_code == 403
    assert other.post(f"{url_of(entry)}/1/restore").status_code == 403
