"""Reads the text within blocks in runs: plain words in one step, and at a mark only the rules for that mark."""

import re

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_inline import StateInline, backtick
from markdown_it.token import Token
from markdown_it.utils import EnvType

from homeport.text.dispatch import RulesByStart

_STARTS = {
    "autolink": "<",
    "backticks": "`",
    "emphasis": "*_",
    "entity": "&",
    "escape": "\\",
    "footnote_inline": "^",
    "footnote_reference": "[",
    "html_inline": "<",
    "image": "!",
    "link": "[",
    "maths_backslash": "\\",
    "maths_dollar": "$",
    "newline": "\n",
    "shortcode": "{",
    "shortcode_in_tag": "<",
    "strikethrough": "~",
    # Plain words are read by the parser itself.
    "text": "",
}


_PAIRED = re.compile(r"[*_~]")
_SIMPLE_CODE = re.compile(r"`([^`]++)`(?!`)")
_BLANKS = re.compile(r"[ \t]*")


class InlineRuler(Ruler[RuleFuncInlineType]):
    """Knows which rules to try at a character, and how far plain words go."""

    def __compile__(self) -> None:
        by_start = RulesByStart((rule for rule in self.__rules__ if rule.enabled), _STARTS)
        if by_start.anywhere:
            raise ValueError("an inline rule has no entry in the table of the characters it matches at")
        # No rule starts at "]", but whoever looks for the end of a link has to see it.
        self.marks = by_start.at | {"]": ()}
        self.words = re.compile(f"[^{re.escape(''.join(self.marks))}]+")
        super().__compile__()


class InlineParser(ParserInline):
    """Reads inline text as its base class does, in fewer steps."""

    ruler: InlineRuler

    def __init__(self) -> None:
        super().__init__()
        rules = self.ruler.__rules__
        self.ruler = InlineRuler()
        self.ruler.__rules__ = rules
        self.ruler.at("newline", newline)
        self.ruler.at("backticks", code_span)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Append the tokens of a text."""
        state = StateInline(src, md, env, tokens)
        self.tokenize(state)
        # The rules of the second round find pairs of these and join what is left of them.
        if _PAIRED.search(src):
            for rule in self.ruler2.getRules():
                rule(state)
        return tokens

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 (the base class calls it so)
        """Step over one token without writing it."""
        pos = state.pos
        if (known := state.cache.get(pos)) is not None:
            state.pos = known
            return
        self.ruler.getRules()
        is_read = False
        if state.level >= state.md.options["maxNesting"]:
            state.pos = state.posMax
        elif words := self.ruler.words.match(state.src, pos):
            state.pos = words.end()
            is_read = True
        else:
            state.level += 1
            is_read = self._read(state, silent=True)
            state.level -= 1
        if not is_read:
            state.pos += 1
        state.cache[pos] = state.pos

    def tokenize(self, state: StateInline) -> None:
        """Write the tokens of the text up to the state's end."""
        self.ruler.getRules()
        match_words = self.ruler.words.match
        source, end = state.src, state.posMax
        is_too_deep = state.level >= state.md.options["maxNesting"]
        if is_too_deep:
            state.append_pending(source[state.pos : end])
            state.pos = end
        while state.pos < end:
            if words := match_words(source, state.pos):
                state.append_pending(words.group())
                state.pos = words.end()
            elif not self._read(state, silent=False):
                state.append_pending(source[state.pos])
                state.pos += 1
        if state.pending:
            state.pushPending()

    def _read(self, state: StateInline, *, silent: bool) -> bool:
        # Not any(), which would cost a generator for every mark.
        for rule in self.ruler.marks[state.src[state.pos]]:  # noqa: SIM110
            if rule(state, silent):
                return True
        return False


def newline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    """Read the end of a line, which two spaces before it make a hard one, and the blanks behind it."""
    if not silent:
        words = state.pending
        is_hard = words.endswith("  ")
        if words.endswith(" "):
            state.pending = words.rstrip(" ") if is_hard else words[:-1]
        state.push("hardbreak" if is_hard else "softbreak", "br", 0)
    if blanks := _BLANKS.match(state.src, state.pos + 1, state.posMax):
        state.pos = blanks.end()
    return True


def code_span(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    """Read code between backticks; the parser's own rule reads what is not between two single ones."""
    match = _SIMPLE_CODE.match(state.src, state.pos, state.posMax)
    if match is None:
        return backtick(state, silent)
    if not silent:
        content = match[1].replace("\n", " ")
        if content[0] == content[-1] == " " and content.strip(" "):
            content = content[1:-1]
        token = state.push("code_inline", "code", 0)
        token.markup = "`"
        token.content = content
    state.pos = match.end()
    return True
