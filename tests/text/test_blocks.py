import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeport.text.markdown import render

MARKS = st.sampled_from(["> ", ">", "- ", "1. ", "  ", "    ", ": ", "[^n]: ", "- [ ] ", "\t", "* "])
DEPTHS = st.integers(min_value=0, max_value=60)
PREFIXES = st.lists(st.tuples(MARKS, DEPTHS), min_size=1, max_size=4)
LINES = st.lists(st.one_of(PREFIXES, st.none()), min_size=1, max_size=12)


def words_of(page: str) -> set[str]:
    return set(re.findall(r"w\d+e", html.unescape(re.sub(r"<[^>]*>", "", page))))


def source_of(lines: list[list[tuple[str, int]] | None]) -> str:
    """Write lines of one word each behind their marks; None is a blank line."""
    return "".join(
        "\n" if line is None else "".join(mark * depth for mark, depth in line) + f"w{number}e\n"
        for number, line in enumerate(lines)
    )


@settings(max_examples=80, deadline=None)
@given(LINES)
def test_no_word_is_lost_however_deep_it_stands(lines):
    # A note that nothing refers to is not shown; everything else is.
    source = "[^n]\n\n" + source_of(lines)
    rendered = render(source).html
    shown = words_of(rendered)
    hidden = set(re.findall(r"w\d+e", source)) - shown
    assert not hidden or source.count("[^n]:") > 1


@pytest.mark.parametrize("depth", [20, 60, 120])
def test_nested_lists_keep_every_item_and_what_follows(depth: int):
    items = "".join("  " * level + f"- w{level}e\n" for level in range(depth))
    rendered = render(items + "\nafter\n\n## head\n")
    assert words_of(rendered.html) == {f"w{level}e" for level in range(depth)}
    assert "<p>after</p>" in rendered.html
    assert [heading.text for heading in rendered.outline] == ["head"]


def test_quotes_nested_too_deeply_keep_their_lines_apart():
    source = "> " * 120 + "w1e\n" + "> " * 120 + "\n" + "> " * 120 + "w2e\nw3e\n\nw4e"
    assert words_of(render(source).html) == {"w1e", "w2e", "w3e", "w4e"}
