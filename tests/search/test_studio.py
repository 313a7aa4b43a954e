from homeport.search.index import index_entry
from tests.factories.blog import make_draft
from tests.factories.members import sign_in


def test_a_draft_is_found_as_a_page_and_for_the_palette(client, session):
    sign_in(session, client)
    entry = make_draft(session, title="Half a thought")
    index_entry(session, entry.id)
    assert "Half a thought" in client.get("/studio/search?q=thou").text
    found = client.get("/studio/search?q=thou", headers={"Accept": "application/json"}).json
    assert found == [
        {
            "kind": "entry",
            "title": "Half a thought",
            "about": entry.excerpt,
            "path": f"/studio/entries/{entry.public_id}",
        }
    ]


def test_nothing_found_says_so(client, session):
    sign_in(session, client)
    assert "Nothing has" in client.get("/studio/search?q=zzz").text


def palette(client, asked):
    return client.get(f"/studio/search?q={asked}", headers={"Accept": "application/json"}).json


def test_a_title_that_begins_so_comes_before_what_a_page_is_about(client, session):
    sign_in(session, client)
    make_draft(session, title="Uploading by night", slug="night")
    assert [each["title"] for each in palette(client, "upload")] == ["Uploading by night", "Media"]


def test_a_page_of_that_name_comes_before_an_entry_that_begins_so(client, session):
    sign_in(session, client)
    make_draft(session, title="Media of my youth", slug="youth")
    assert [each["title"] for each in palette(client, "media")] == ["Media", "Media of my youth"]
