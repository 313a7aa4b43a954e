from http import HTTPStatus
from math import inf

import pytest

from homeport.cache.page import StoredPage
from homeport.cache.revision import Tag
from tests.factories.pages import make_stored_page


@pytest.mark.parametrize("tag", [Tag("here", 7, None, inf), Tag("here", 7, ("entry:1",), 12.5)])
def test_a_page_comes_back_as_it_was(tag):
    page = make_stored_page("/posts/é", tag=tag).with_body("br", b"\n\x00packed", is_best=True)
    assert StoredPage.unpack(page.pack(), "/posts/é") == page


@pytest.mark.parametrize(
    "spoil",
    [lambda data: data[:-1], lambda data: b"", lambda data: b"{}\n" + data, lambda data: data.replace(b"1", b"9", 1)],
)
def test_a_file_that_is_not_whole_is_none(spoil):
    assert StoredPage.unpack(spoil(make_stored_page().pack()), "/") is None


def test_a_file_of_another_page_is_none():
    assert StoredPage.unpack(make_stored_page("/one").pack(), "/two") is None


def test_each_encoding_is_a_representation_of_its_own():
    page = make_stored_page().with_body("br", b"br")
    assert ("ETag", '"abc"') in page.headers_in("")
    sent = dict(page.headers_in("br"))
    assert (sent["ETag"], sent["Content-Encoding"], sent["Content-Length"]) == ('"abc-br"', "br", "2")


def test_a_304_says_nothing_of_a_body():
    sent = dict(make_stored_page().with_body("br", b"br").headers_in("br", HTTPStatus.NOT_MODIFIED))
    assert sent == {"Vary": "Accept-Encoding", "ETag": '"abc-br"', "X-Frame-Options": "DENY"}
