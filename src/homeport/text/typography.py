"""Smart typography of a paragraph: of its text, and never of its code, its formulas or its addresses."""

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from homeport.text.quotes import typeset

_BREAKS = frozenset({"softbreak", "hardbreak"})


def typography_rule(state: StateCore) -> None:
    """Set quotes, dashes and ellipses in every paragraph when the site asks for it."""
    if state.md.options.typographer:
        for token in state.tokens:
            if token.type == "inline" and token.children:
                _set_inline(token.children)


def _set_inline(children: list[Token]) -> None:
    before = " "
    for index, child in enumerate(children):
        if child.type == "text" and child.content:
            is_last = index + 1 == len(children) or children[index + 1].type in _BREAKS
            child.content = typeset(child.content, before, " " if is_last else "x")
            before = child.content[-1]
        elif child.type in _BREAKS:
            before = " "
        elif child.type in {"code_inline", "math_inline", "image"}:
            before = "x"
