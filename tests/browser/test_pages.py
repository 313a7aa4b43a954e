"""What every page keeps to, on a phone and on a desk, by day and by night."""

import pytest

from tests.browser.seed import MISSING_PAGE, PAGES, PICTURE_PAGE
from tests.browser.visit import DESK, FAINT, LOOSE, OVERFLOW, PHONE, SHIFT, Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_still_and_all_of_a_piece(visitor, path, width, scheme):
    visit = visitor.open(path, width=width, color_scheme=scheme)

    assert [url.split("/")[-1].split("?")[0] for url in visit.requests[1:]] == ["site.css"], visit.requests
    assert visit.ask(SHIFT) == []
    assert visit.ask(OVERFLOW) == 0
    assert visit.ask(LOOSE) == []
    assert visit.ask(FAINT) == []
    assert visit.complaints == []
    assert visit.cookies == []
    assert visit.messages == []


def test_an_empty_site_tells_its_owner_what_to_do(browser, empty_address):
    with Visitor(browser, empty_address) as visitor:
        visit = visitor.open("/", width=PHONE)

        assert 'bin/homeport new "My first post"' in visit.page.inner_text("main")
        assert visit.ask(OVERFLOW) == 0
        assert visit.complaints == []


def test_a_missing_page_is_a_page_like_any_other(visitor):
    visit = visitor.open(MISSING_PAGE, width=PHONE)

    assert "Not found" in visit.page.inner_text("h1")
    assert len(visit.requests) == 2
    assert visit.complaints == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_picture_comes_from_here_and_moves_nothing(visitor, address, width):
    visit = visitor.open(PICTURE_PAGE, width=width)

    assert all(url.startswith(address) for url in visit.requests)
    assert visit.ask("[...document.images].every(image => image.complete && image.naturalWidth === 800)")
    assert visit.ask(SHIFT) == []
    assert visit.ask(OVERFLOW) == 0
    assert visit.messages == []


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/", "/posts/short-3", "/tags", "/archive"])
def test_a_page_that_comes_in_pieces_moves_nothing(browser, slow_address, path, width):
    with Visitor(browser, slow_address) as visitor:
        assert visitor.open(path, width=width).ask(SHIFT) == []


def test_a_post_of_forty_thousand_words_keeps_within_its_width(visitor):
    visit = visitor.open("/posts/very-long", width=PHONE)

    assert visit.ask(OVERFLOW) == 0
    assert visit.ask(SHIFT) == []
