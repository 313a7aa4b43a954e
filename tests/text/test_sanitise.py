import pytest

from homeport.text.sanitise import put_back, sanitise


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        '<p onclick="x">a</p>',
        '<a href="javascript:x">a</a>',
        '<p style="x">a</p>',
        '<svg><style><img src=x onerror="x"></style></svg>',
        '<math><mtext><table><mglyph><style><img src=x onerror="x"></style></mglyph></table></mtext></math>',
        '<p role="main" aria-label="x" tabindex="1">a</p>',
        "<form><input name=x></form>",
        "<iframe src=x></iframe>",
        "<base href=x>",
        "<meta http-equiv=refresh>",
    ],
)
def test_the_gate_alone_lets_nothing_through(html: str):
    clean = sanitise(html)
    for bad in (
        "script",
        "onclick",
        "onerror",
        "style",
        "role",
        "aria",
        "tabindex",
        "form",
        "iframe",
        "base",
        "meta",
        "name",
    ):
        assert bad not in clean


def test_what_is_ours_is_put_back_behind_it():
    html = '<p data-own="\ufdd00\ufdd1">\ufdd01\ufdd1</p>'
    assert put_back(sanitise(html), [' role="note"', "<x>"]) == '<p role="note"><x></p>'


def test_words_that_look_like_the_place_of_an_attribute_stay():
    assert put_back('a data-own="\ufdd00\ufdd1 b', ["<x>"]) == 'a data-own="<x> b'
