"""Makes a link of a web address that somebody has pasted as it is."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_ADDRESS = re.compile(r"(?<![a-z0-9])https?://[^\s<>\"/?#]+\.[^\s<>\"]+", re.IGNORECASE)
_AFTER = ".,;:!?'*_~…。，、！？；：」』】”’»"
"""What ends the sentence around an address rather than the address."""

_PAIRS = {")": "(", "]": "[", "}": "{", "）": "（"}


def autolinks_rule(state: StateCore) -> None:
    """Link the addresses in running text; those in code and in links stay as they are."""
    for token in state.tokens:
        if token.type == "inline" and token.children and "://" in token.content:
            token.children = list(_linked(state.md, token.children))


def _linked(md: MarkdownIt, children: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in children:
        depth += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not depth:
            yield from _split(md, token)
        else:
            yield token


def _split(md: MarkdownIt, token: Token) -> Iterator[Token]:
    done = 0
    for match in _ADDRESS.finditer(token.content):
        address = _without_what_follows(match[0])
        target = md.normalizeLink(address)
        if not md.validateLink(target):
            continue
        yield _text(token, token.content[done : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": target}, level=token.level)
        yield _text(token, address)
        yield Token("link_close", "a", -1, level=token.level)
        done = match.start() + len(address)
    yield _text(token, token.content[done:])


def _text(token: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=token.level)


def _without_what_follows(address: str) -> str:
    """Take the end of the sentence off, and brackets that were opened before the address."""
    surplus = {close: address.count(close) - address.count(opening) for close, opening in _PAIRS.items()}
    end = len(address)
    while address[end - 1] in _AFTER or surplus.get(address[end - 1], 0) > 0:
        end -= 1
        if address[end] in surplus:
            surplus[address[end]] -= 1
    return address[:end]
