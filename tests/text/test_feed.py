"""Rendered posts on their way into feeds."""

import pytest

from homeport.text.feed import for_feed
from homeport.text.markdown import render

BASE = "https://example.org/posts/one"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/about", "https://example.org/about"),
        ("#end", "https://example.org/posts/one#end"),
        ("two?a=1&amp;b=2", "https://example.org/posts/two?a=1&amp;b=2"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("https://elsewhere.example/a?b=1&amp;c=%20", "https://elsewhere.example/a?b=1&amp;c=%20"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
    ],
)
def test_addresses_become_absolute(written: str, meant: str) -> None:
    assert for_feed(f'<a href="{written}">x</a>', BASE) == f'<a href="{meant}">x</a>'


def test_without_an_address_paths_stay_and_fragments_name_their_post() -> None:
    assert for_feed('<a href="/about">x</a><a href="#end">y</a>', "/posts/one") == (
        '<a href="/about">x</a><a href="/posts/one#end">y</a>'
    )


def test_pictures_lose_what_only_a_page_needs() -> None:
    html = '<img src="/media/0a/x.jpg" alt="A hill" width="2" height="1" loading="lazy" decoding="async">'
    assert for_feed(html, BASE) == '<img src="https://example.org/media/0a/x.jpg" alt="A hill" width="2" height="1">'


def test_every_source_of_a_picture_becomes_absolute() -> None:
    assert for_feed('<source srcset="/a.jpg 1x, /b.jpg 2x">', BASE) == (
        '<source srcset="https://example.org/a.jpg 1x, https://example.org/b.jpg 2x">'
    )


def test_code_is_left_alone_even_when_it_looks_like_a_link() -> None:
    rendered = render('```html\n<a href="/about" role="x">\n```\n').html
    assert "/about" in for_feed(rendered, BASE)
    assert "https://example.org/about" not in for_feed(rendered, BASE)


def test_the_marks_beside_headings_are_for_pages_only() -> None:
    assert "#</a>" not in for_feed(render("## Part\n").html, BASE)


def test_an_address_that_is_none_stays_as_it_is() -> None:
    assert for_feed('<a href="//[x">x</a>', BASE) == '<a href="//[x">x</a>'
