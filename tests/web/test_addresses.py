from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.blog import make_entry, make_page


def get(client, path: str, query: str = ""):
    """Ask for exactly this path: the test client's own reading of addresses takes `//x` for a host."""
    return client.get("/", environ_overrides={"PATH_INFO": path, "QUERY_STRING": query})


@pytest.fixture
def filled(session) -> None:
    make_entry(session, slug="one", tags=("maps",), series="Routes")
    make_page(session, slug="about")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("path", "one"),
    [
        ("/tags/", "/tags"),
        ("/tags/maps/", "/tags/maps"),
        ("/tags/maps/feed.rss/", "/tags/maps/feed.rss"),
        ("/series/routes/", "/series/routes"),
        ("/archive/2024/", "/archive/2024"),
        ("/feed.atom/", "/feed.atom"),
        ("/sitemap.xml/", "/sitemap.xml"),
        ("/healthz/", "/healthz"),
        ("//", "/"),
        ("//about", "/about"),
        ("//tags/", "/tags"),
        ("/posts//one", "/posts/one"),
        ("/posts/one/", "/posts/one"),
    ],
)
def test_slashes_to_spare_lead_to_the_one_address_with_its_query(client, path, one):
    answer = get(client, path, "before=a%20b&c")
    assert (answer.status_code, answer.location) == (301, f"{one}?before=a%20b&c")
    assert get(client, path).location == one


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("path", ["/", "/tags", "/about", "/posts/one", "/feed.atom"])
def test_the_one_address_is_served(client, path):
    assert get(client, path).status_code == 200


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("//evil.example/", "/evil.example/"),
        ("///evil.example/%2e%2e", "/evil.example/%252e%252e"),
        ("/\\\\evil.example//", "/%5C%5Cevil.example/"),
        ("//http://evil.example", "/http:/evil.example"),
        ("//a?b#c", "/a%3Fb%23c"),
    ],
)
def test_nobody_is_sent_to_another_site(client, path, location):
    answer = get(client, path)
    assert (answer.status_code, answer.location) == (301, location)


@given(path=st.text(r"/\\.:@e?#% ", max_size=12), query=st.text("/?#=&:%", max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_wherever_a_doubled_slash_leads_is_on_this_site(client, path, query):
    location = urlsplit(get(client, f"//{path}", query).location)
    assert (location.scheme, location.netloc) == ("", "")
    assert location.path.startswith("/")
    assert not location.path.startswith(("//", "/\\"))


def test_what_is_sent_is_not_sent_elsewhere(client):
    assert client.post("/tags/").status_code == 405
