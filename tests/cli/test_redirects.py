import json

from tests.factories.blog import make_entry


def test_an_old_address_leads_to_an_entry_wherever_it_lives(run, client, session):
    make_entry(session, slug="hello")
    assert run("redirect", "add", "/2019/hello.html", "hello").code == 0
    run("rename", "hello", "hi")
    assert client.get("/2019/hello.html").location == "/posts/hi"
    assert json.loads(run("redirect", "list", "--json").out)[0] == {"path": "/2019/hello.html", "target": "/posts/hi"}


def test_an_address_may_lead_out_of_the_site(run, client):
    run("redirect", "add", "/elsewhere", "https://example.org/x")
    assert client.get("/elsewhere").location == "https://example.org/x"


def test_what_leads_nowhere_any_more_is_not_found(run, client):
    run("redirect", "add", "/old", "/new")
    assert run("redirect", "remove", "/old").code == 0
    assert client.get("/old").status_code == 404
    assert run("redirect", "remove", "/old").code == 3


def test_paths_of_the_site_itself_and_targets_that_are_nothing_are_refused(run):
    assert run("redirect", "add", "/tags/x", "/new").code == 4
    assert run("redirect", "add", "/old", "no-such-entry").code == 3
    assert run("redirect", "add", "/old", "//evil.example").code == 3
