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
