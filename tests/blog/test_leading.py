"""Old addresses, led to where things live now."""

import pytest

from homeport.blog.leading import lead_path
from homeport.blog.queries.redirects import find_redirects
from homeport.errors import InvalidError, NotFoundError
from tests.factories.blog import make_entry


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [("hello", "/posts/hello"), ("/about", "/about"), ("https://example.org/x", "https://example.org/x")],
)
def test_a_slug_a_path_and_an_address_are_told_apart(session, target, leads_to):
    make_entry(session, slug="hello")
    lead_path(session, "/old", target)
    assert find_redirects(session.connection()) == [("/old", leads_to)]


@pytest.mark.parametrize(
    ("path", "target", "error"),
    [
        ("/studio", "hello", InvalidError),
        ("/old", "", InvalidError),
        ("/old", "//elsewhere", NotFoundError),
        ("/old", "nothing", NotFoundError),
        ("/old", "/old", InvalidError),
        ("/old", "/old?a=b", InvalidError),
        ("/old?a=b", "/new", InvalidError),
        ("/" + "x" * 2001, "/new", InvalidError),
        ("/old", "/" + "x" * 2001, InvalidError),
        ("/posts/here", "/new", InvalidError),
    ],
)
def test_what_leads_nowhere_is_refused(session, path, target, error):
    make_entry(session, slug="here")
    with pytest.raises(error):
        lead_path(session, path, target)


def test_a_circle_is_refused(session):
    lead_path(session, "/a", "/b")
    lead_path(session, "/b", "/c")
    with pytest.raises(InvalidError, match="leads back"):
        lead_path(session, "/c", "/a")


def test_a_way_that_no_browser_goes_to_its_end_is_refused(session):
    for step in range(9):
        lead_path(session, f"/{step}", f"/{step + 1}")
    with pytest.raises(InvalidError, match="on and on"):
        lead_path(session, "/start", "/0")
