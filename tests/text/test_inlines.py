from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import backtick, newline

from homeport.text.parser import plain_parser, post_parser

PIECES = [
    "word", " ", "  ", "\n", "  \n", "\t\n ", "\\", "\\\n", "\\*", "*", "**", "***", "_", "__", "a_b", "`", "``",
    "~", "~~", "~~~", "[", "]", "![", "](/x)", '](</y z> "t")', "][a]", "[]", "(", ")", "<", ">", "<b>", "</b>",
    "<a href='#'>", "</a>", "<http://x.y>", "<a@b.c>", "<!-- c -->", "&", "&amp;", "&#65;", "&nothing;", "^[",
    "[^1]", "[^2]", "$", "$x$", "$$", "\\(x^2\\)", "\\[", "{{", "{% b %}", "{{ a | b }}", '{{< ref "', '" >}}',
    "{% raw %}", "{% endraw %}", "!", "#", "-", ":", "=", "@", "|", "é", "中", "\xa0", "\u2028",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
SOURCES = st.one_of(WORDS, WORDS.map(lambda words: f"{words}\n\n[^1]: note\n\n[a]: /b"), st.text())


@cache
def asking_every_rule(profile: str) -> MarkdownIt:
    md: MarkdownIt = PROFILES[profile].__wrapped__(**OPTIONS[profile])
    inline = ParserInline()
    inline.ruler.__rules__ = md.inline.ruler.__rules__
    inline.ruler2 = md.inline.ruler2
    inline.ruler.at("newline", newline)
    inline.ruler.at("backticks", backtick)
    md.inline = inline
    return md


PROFILES = {"plain": plain_parser, "post": post_parser}
OPTIONS = {"plain": {}, "post": {"typographer": False}}


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=300, deadline=None)
@given(source=SOURCES)
def test_text_is_read_as_if_every_rule_were_asked(profile: str, source: str):
    assert PROFILES[profile](**OPTIONS[profile]).parse(source) == asking_every_rule(profile).parse(source)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("marks", ["[" * 150 + "a" + "]" * 150, "[" * 120 + "a](b)" * 120, "![" * 120 + "a](b)" * 120])
def test_text_nested_too_deeply_is_read_so_too(profile: str, marks: str):
    assert PROFILES[profile](**OPTIONS[profile]).parse(marks) == asking_every_rule(profile).parse(marks)


def test_a_rule_whose_marks_are_not_known_is_refused():
    md = post_parser.__wrapped__(typographer=False)
    md.inline.ruler.push("wiki_link", lambda _state, _silent: False)
    with pytest.raises(ValueError, match="table of the characters"):
        md.parse("a")
