import json

from homeport.cache.ahead import HEADER, RULES
from tests.factories.blog import make_entry
from tests.factories.members import sign_in


def test_pages_of_readers_say_what_may_be_made_ready(client, session):
    make_entry(session, slug="first")
    for path in ("/", "/posts/first", "/archive"):
        assert client.get(path).headers.getlist("Speculation-Rules") == [HEADER[1]]


def test_nothing_else_does(client, session):
    make_entry(session)
    sign_in(session, client)
    for path in ("/feed.atom", "/robots.txt", "/nowhere", "/studio"):
        assert "Speculation-Rules" not in client.get(path).headers, path


def test_the_rules_are_one_quoted_address():
    quoted = HEADER[1]
    assert (quoted[0], quoted[-1]) == ('"', '"')
    assert quoted.isascii()
    address = json.loads(quoted)
    assert json.loads(address.removeprefix("data:application/speculationrules+json,")) == RULES
