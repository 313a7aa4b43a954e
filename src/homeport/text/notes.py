"""Writes footnotes: the mark, a copy for the margin of wide screens, and the endnotes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markdown_it.token import Token

from homeport.text.footnotes import is_plain_note
from homeport.text.tags import HEADINGS
from homeport.text.tree import Element, Node, TreeBuilder

_BACK = "\u21a9\ufe0e"

# The margin copy is for eyes only, so it keeps the voice of a note and nothing that could be followed or named twice.
_COPIED = {"em_open": "em", "strong_open": "strong", "s_open": "s"}


# A note can't stand beside what scrolls, leads elsewhere or is repeated in a table of contents.
_NO_MARGIN = frozenset({"a", "dt", "table", *HEADINGS})


class Notes:
    """The footnotes of one post, numbered in the order readers meet them."""

    def __init__(self, definitions: dict[str, list[Token]]) -> None:
        self._definitions = definitions
        self._numbers: dict[str, int] = {}
        self._tokens: list[Sequence[Token]] = []
        self._marks: list[int] = []

    @property
    def is_empty(self) -> bool:
        """Whether no footnote has been referred to."""
        return not self._tokens

    def write_reference(self, meta: dict[str, Any], builder: TreeBuilder) -> None:
        """Write the mark that leads to a note, and the note's margin copy at its first mark."""
        label = meta.get("label", "")
        number = self._numbers.get(label) if label else None
        if number is None:
            self._tokens.append(meta["tokens"] if "tokens" in meta else self._definitions.get(label, []))
            self._marks.append(0)
            number = len(self._tokens)
            if label:
                self._numbers[label] = number
        self._marks[number - 1] += 1
        count = self._marks[number - 1]
        own = {"id": _mark_id(number, count), "role": "doc-noteref"}
        link = Element("a", {"href": f"#fn-{number}"}, [str(number)], own=own)
        builder.add(Element("sup", {"class": "fnref"}, [link]))
        if count == 1 and is_plain_note(self._tokens[number - 1]) and not builder.is_inside(_NO_MARGIN):
            builder.add(self._margin_copy(number))

    def write_endnotes(self, builder: TreeBuilder, write: Callable[[Sequence[Token]], None]) -> None:
        """Write every note met; a note may refer to notes not met before."""
        builder.open("section", {"class": "footnotes"}, {"role": "doc-endnotes", "aria-label": "Footnotes"})
        builder.open("ol")
        items: list[Element] = []
        while len(items) < len(self._tokens):
            number = len(items) + 1
            items.append(builder.open("li", own={"id": f"fn-{number}"}))
            write(self._tokens[number - 1])
            builder.close()
        # Only now is it known how often each note is referred to.
        for number, item in enumerate(items, start=1):
            _last_paragraph(item).children.extend(self._back_links(number))
        builder.close()
        builder.close()

    def _back_links(self, number: int) -> list[Node]:
        links: list[Node] = []
        for count in range(1, self._marks[number - 1] + 1):
            label = f"{number}" if count == 1 else f"{number}-{count}"
            own = {"role": "doc-backlink", "aria-label": f"Back to reference {label}"}
            links += [" ", Element("a", {"href": f"#{_mark_id(number, count)}"}, [_BACK], own=own)]
        return links

    def _margin_copy(self, number: int) -> Element:
        words: list[Node] = [f"{number} "]
        for token in self._tokens[number - 1]:
            if token.type == "inline":
                if len(words) > 1:
                    words.append(Element("br"))
                words += _copied(token.children or [])
        return Element("small", {"class": "sidenote"}, words, own={"aria-hidden": "true"})


def _mark_id(number: int, count: int) -> str:
    return f"fnref-{number}" if count == 1 else f"fnref-{number}-{count}"


def _copied(children: Sequence[Token]) -> list[Node]:
    root = Element("small")
    stack = [root]
    for token in children:
        if token.type in _COPIED:
            element = Element(_COPIED[token.type])
            stack[-1].children.append(element)
            stack.append(element)
        elif token.type in {"em_close", "strong_close", "s_close"} and len(stack) > 1:
            stack.pop()
        elif token.type == "code_inline":
            stack[-1].children.append(Element("code", children=[token.content]))
        elif token.type in {"text", "math_inline"}:
            stack[-1].children.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            stack[-1].children.append("\n")
    return root.children


def _last_paragraph(item: Element) -> Element:
    last = item.children[-1] if item.children else None
    if isinstance(last, Element) and last.tag == "p":
        return last
    paragraph = Element("p")
    item.children.append(paragraph)
    return paragraph
