"""Lines of plain text with typographic marks."""

import pytest

from homeport.text.quotes import plain_title, title_html, typeset


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ('It\'s "clear" -- or not...', "It’s “clear” – or not…"),
        ('\'90s "light"', "’90s “light”"),
        ("“Clear” – it’s set", "“Clear” – it’s set"),
        ("R&D <b> &amp; more", "R&D <b> &amp; more"),
        ("", ""),
    ],
)
def test_a_line_is_set_once_and_for_all(plain, set_):
    assert typeset(plain) == set_
    assert typeset(set_) == set_


@pytest.mark.parametrize(
    ("title", "plain", "html"),
    [
        ('Say "no"', "Say “no”", "Say “no”"),
        ("Announcing `cargo-semver`", "Announcing cargo-semver", "Announcing <code>cargo-semver</code>"),
        ("`it's`'s a \"`b`\"", "it's’s a “b”", "<code>it&#39;s</code>’s a “<code>b</code>”"),
        ("`Vec<T>` & `` a`b ``", "Vec<T> & a`b", "<code>Vec&lt;T&gt;</code> &amp; <code>a`b</code>"),
        ("One ` alone, <b>", "One ` alone, <b>", "One ` alone, &lt;b&gt;"),
        ("", "", ""),
    ],
)
def test_code_in_a_title_is_set_as_code_or_loses_its_backticks(title, plain, html):
    assert plain_title(title, typeset) == plain
    assert str(title_html(title, typeset)) == html
