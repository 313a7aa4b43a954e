import re
from html import unescape

import pytest

from homeport.text.markdown import render

SOURCE = "$ echo hello\n\n  x = 1  # note\n> a <b> & c\n"


def text_of(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html)).strip("\n")


@pytest.mark.parametrize(
    "language", ["console", "pycon", "python", "rust", "diff", "html", "jinja", "irc", "text", "", "no-such-language"]
)
def test_highlighting_never_costs_the_author_a_character(language):
    assert text_of(render(f"```{language}\n{SOURCE}```\n").html) == SOURCE.strip("\n")


def test_a_single_line_of_a_terminal_session_is_shown():
    html = render("```console\n$ rustup update stable\n```\n").html
    assert '<span class="c">$ </span>rustup update stable' in html
