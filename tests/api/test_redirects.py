"""Redirects as programs make them."""

import pytest

from tests.factories.blog import make_entry


def test_a_path_leads_to_an_entry_wherever_it_lives(program, session, client):
    make_entry(session, slug="hello")
    assert program.put("/redirects?path=/old", {"target": "hello"}).status_code == 200
    assert client.get("/old").location.endswith("/posts/hello")
    assert program.get("/redirects").json == {"redirects": [{"path": "/old", "target": "/posts/hello"}], "next": ""}


def test_doing_it_twice_is_doing_it_once(program):
    for _ in range(2):
        assert program.put("/redirects?path=/old", {"target": "/new"}).status_code == 200
    assert len(program.get("/redirects?q=old").json["redirects"]) == 1


@pytest.mark.parametrize(
    ("path", "target", "status"),
    [("/studio/x", "/new", 422), ("//elsewhere", "/new", 422), ("/old", "nothing", 404), ("/" + "x" * 600, "/n", 422)],
)
def test_what_cannot_lead_is_refused(program, path, target, status):
    assert program.put(f"/redirects?path={path}", {"target": target}).status_code == status


def test_it_is_taken_away(program, client):
    program.put("/redirects?path=/old", {"target": "/new"})
    assert program.delete("/redirects?path=/old").json == {"deleted": "/old"}
    assert client.get("/old").status_code == 404
