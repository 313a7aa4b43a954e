"""Tries only the parser's rules that can match at a character: asked one after another, most could only say no."""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Rule, Ruler
from markdown_it.rules_block import StateBlock

_Function = TypeVar("_Function")

# The characters a rule's line can begin with; a rule not named here is tried on every line.
_BLOCK_STARTS = {
    "blockquote": ">",
    "callout": ":",
    "fence": "`~",
    "footnote_definition": "[",
    "heading": "#",
    "hr": "*-_",
    "html_block": "<",
    "list": "*+-0123456789",
    "maths_block": "$\\",
    "reference": "[",
    "shortcode_alone": "{",
    "shortcode_highlight": "{",
}


class RulesByStart(Generic[_Function]):
    """A chain of rules, sorted by the characters they can match at, each keeping its turn."""

    def __init__(self, rules: Iterable[Rule[_Function]], starts: Mapping[str, str]) -> None:
        rules = list(rules)
        known = {character for rule in rules for character in starts.get(rule.name, "")}
        self.every = tuple(rule.fn for rule in rules)
        self.anywhere = tuple(rule.fn for rule in rules if rule.name not in starts)
        self.at = {
            character: tuple(rule.fn for rule in rules if character in starts.get(rule.name, character))
            for character in known
        }


class BlockRuler(Ruler[RuleFuncBlockType]):
    """Gives the parser each chain of block rules as one that asks those which can match a line."""

    def __compile__(self) -> None:
        enabled = [rule for rule in self.__rules__ if rule.enabled]
        chains = {"", *(name for rule in enabled for name in rule.alt)}
        self.__cache__ = {
            chain: [_dispatching(rule for rule in enabled if not chain or chain in rule.alt)] for chain in chains
        }


def _dispatching(rules: Iterable[Rule[RuleFuncBlockType]]) -> RuleFuncBlockType:
    by_start = RulesByStart(rules, _BLOCK_STARTS)
    at, anywhere, every = by_start.at, by_start.anywhere, by_start.every

    def try_rules(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
        start = state.bMarks[start_line] + state.tShift[start_line]
        # An empty line begins with nothing, or with what belongs to the next one.
        possible = at.get(state.src[start], anywhere) if start < state.eMarks[start_line] else every
        # Not any(), which would cost a generator for every line.
        for rule in possible:  # noqa: SIM110
            if rule(state, start_line, end_line, silent):
                return True
        return False

    return try_rules
