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
    ],
)
def test_what_leads_nowhere_is_refused(session, path, target, error):
    with pytest.raises(error):
        lead_path(session, path, target)
