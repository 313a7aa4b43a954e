import pytest

from tests.factories.blog import make_entry
from tests.factories.members import sign_in


@pytest.fixture
def editor(client, session):
    sign_in(session, client, "editor")
    make_entry(session, title="Hello", slug="hello")
    return client


def test_an_address_leads_to_an_entry_wherever_it_lives(editor):
    assert editor.post("/studio/redirects", data={"path": "/old", "target": "hello"}).status_code == 303
    assert editor.get("/old").location.endswith("/posts/hello")
    assert "/posts/hello" in editor.get("/studio/redirects?q=old").text


@pytest.mark.parametrize(
    ("path", "target", "told"),
    [
        ("/studio/x", "hello", "belongs to the site"),
        ("/old", "nothing-here", "no entry"),
        ("/old", "", "where it leads"),
    ],
)
def test_what_cannot_lead_is_told_and_stays_in_the_form(editor, path, target, told):
    answer = editor.post("/studio/redirects", data={"path": path, "target": target})
    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{path}"' in answer.text


def test_a_redirect_is_taken_away(editor):
    editor.post("/studio/redirects", data={"path": "/old", "target": "/posts/hello"})
    assert editor.post("/studio/redirects/remove", data={"path": "/old"}).status_code == 303
    assert editor.get("/old").status_code == 404
