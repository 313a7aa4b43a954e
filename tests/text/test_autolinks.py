import pytest

from homeport.text.comment import render_comment

LINK = '<a href="{0}" rel="nofollow ugc noopener">{0}</a>'


def _linked(text):
    return render_comment(text).removeprefix("<p>").removesuffix("</p>\n")


@pytest.mark.parametrize(
    ("before", "address", "after"),
    [
        ("", "https://example.org", ""),
        ("See ", "http://example.org/a_b_c?x=1#y", " and more"),
        ("See ", "https://example.org/a", "."),
        ("(", "https://example.org/wiki/Hill_(place)", ")"),
        ("[", "https://example.org/a", "]!"),
        ("", "https://example.org/a", ", then"),
        ("\u89c1", "https://example.org/a", "\u3002"),
        ("*", "https://example.org/a", ""),
    ],
)
def test_a_pasted_address_is_a_link_and_the_sentence_around_it_is_none(before, address, after):
    assert _linked(f"{before}{address}{after}") == f"{before}{LINK.format(address)}{after}"


def test_every_address_in_a_text_is_one():
    first, second = (LINK.format(f"https://{name}.example/") for name in ("a", "b"))
    assert _linked("**https://a.example/** or https://b.example/") == f"<strong>{first}</strong> or {second}"


@pytest.mark.parametrize(
    "text",
    [
        "`https://example.org`",
        "https://localhost",
        "https://",
        "http://.",
        "javascript://example.org/x",
        "ftp://x.org/a",
    ],
)
def test_what_is_code_or_no_address_of_the_web_stays_text(text):
    assert "<a" not in _linked(text)


def test_a_link_that_was_written_stays_one_link():
    html = _linked("[https://a.example](https://b.example) <https://c.example>")
    assert html.count("<a ") == 2
    assert 'href="https://a.example"' not in html


def test_an_address_cannot_leave_its_attribute():
    html = _linked("https://a.example/'onmouseover='x https://a.example/<script>alert(1)</script>")
    assert "<script" not in html
    assert "href=\"https://a.example/'onmouseover='x\"" in html or "%27" in html


def test_closing_brackets_by_the_thousand_are_taken_off_at_once():
    assert _linked("https://a.example/x" + ")" * 9_000).endswith("</a>" + ")" * 9_000)
