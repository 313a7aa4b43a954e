"""Asked or not asked, a rule that can't match changes nothing."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.ruler import Rule, Ruler

from homeport.text.dispatch import RulesByStart
from homeport.text.parser import plain_parser, post_parser

BEGINNINGS = [
    "", "", "    ", "  ", "\t", "> ", ">", "- ", "-", "+ ", "* ", "1. ", "2) ", "10.", "# ", "#", "```", "~~~", "~ ",
    ": ", ":::note ", ":::", "===", "---", "- - -", "***", "___", "|-|-|", "| a | b |", "|", "<div>", "</p>", "<!--",
    "<a>", "[a]: /b", "[a]:", "[a", "]: /c", '"t"', "'t'", "(t)", "[^1]: ", "[^1]", "$$", "\\[", "\\]",
    "{{< highlight x >}}", "{{< /highlight >}}", "{% raw %}", "{% endraw %}", '{{< figure src="a.png" >}}', "\xa0",
    "\x1c", "\x85",
]  # fmt: skip
LINES = st.builds(
    "".join,
    st.tuples(*[st.sampled_from(BEGINNINGS)] * 2, st.sampled_from(["", "word", "= -", " ", "a | b", "`", "]: x"])),
)
SOURCES = st.one_of(st.lists(LINES, max_size=12).map("\n".join), st.text())


@cache
def asking_every_rule(profile: str) -> MarkdownIt:
    md: MarkdownIt = PROFILES[profile].__wrapped__(**OPTIONS[profile])
    ruler = Ruler()
    ruler.__rules__ = md.block.ruler.__rules__
    md.block.ruler = ruler
    return md


PROFILES = {"plain": plain_parser, "post": post_parser}
OPTIONS = {"plain": {}, "post": {"typographer": False}}


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=300, deadline=None)
@given(source=SOURCES)
def test_blocks_are_read_as_if_every_rule_were_asked(profile: str, source: str):
    assert PROFILES[profile](**OPTIONS[profile]).parse(source) == asking_every_rule(profile).parse(source)


class TestRulesByStart:
    RULES = [Rule(name, enabled=True, fn=name, alt=[]) for name in ("first", "second", "third")]  # noqa: RUF012 - nobody changes it

    def test_each_keeps_its_turn(self):
        rules = RulesByStart(self.RULES, {"third": "ab", "first": "a"})
        assert rules.at == {"a": ("first", "second", "third"), "b": ("second", "third")}

    def test_one_that_names_no_character_is_asked_anywhere(self):
        rules = RulesByStart(self.RULES, {"third": "ab", "first": "a"})
        assert rules.anywhere == ("second",)
        assert rules.every == ("first", "second", "third")
