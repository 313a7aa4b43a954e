import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.text.lines import keep_endings, with_plain_endings

lines = st.text(st.sampled_from("ab \t\u2028\x0b\x0c"), max_size=4)
texts = st.lists(st.tuples(lines, st.sampled_from(["\n", "\r\n", "\r"]))).map(
    lambda parts: "".join(line + ending for line, ending in parts)
)
unfinished = st.tuples(texts, lines).map("".join)


def sent_by_a_browser(text):
    """The text as a form sends it: every end of a line is CRLF."""
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


@given(unfinished)
def test_a_save_without_a_change_changes_no_byte(stored):
    assert keep_endings(stored, sent_by_a_browser(stored)) == stored


@given(unfinished, unfinished)
def test_the_words_are_those_that_were_typed(stored, typed):
    kept = keep_endings(stored, sent_by_a_browser(typed))
    assert with_plain_endings(kept) == with_plain_endings(typed)


@given(texts, texts)
def test_what_is_put_between_leaves_the_lines_around_as_they_were(before, after):
    stored = f"{before}here\r\n{after}"
    typed = sent_by_a_browser(f"{before}here\nNEW\n{after}")
    kept = keep_endings(stored, typed)
    assert kept.startswith(f"{before}here\r\nNEW")
    assert kept.endswith(after)


@pytest.mark.parametrize(
    ("stored", "typed", "kept"),
    [
        ("", "a\r\nb\r\n", "a\nb\n"),
        ("a\nb\n", "a\r\nb\r\nc\r\n", "a\nb\nc\n"),
        ("a\r\nb\r\n", "a\r\nb\r\nc\r\n", "a\r\nb\r\nc\r\n"),
        ("a\r\nb\nc\r\n", "a\r\nx\r\nb\r\nc\r\n", "a\r\nx\r\nb\nc\r\n"),
        ("a\r\nb", "a\r\nb\r\nc", "a\r\nb\r\nc"),
        ("a\r\nb\r\n", "a\r\nb", "a\r\nb"),
    ],
)
def test_new_lines_end_as_most_do(stored, typed, kept):
    assert keep_endings(stored, typed) == kept
