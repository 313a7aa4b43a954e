"""The opening of a post in plain words, and how many words it has."""

import re
from collections.abc import Iterator

from homeport.text.tags import HEADINGS
from homeport.text.tree import Element, Marker, Node, is_apparatus, text_of

EXCERPT_WORDS = 50

_WIDE = re.compile(
    "[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SKIPPED = frozenset({"aside", "figure", "table", "details", "section", "pre", *HEADINGS})


def excerpt_of(root: Element) -> str:
    """Return the opening of a post: up to the author's mark, or about fifty words."""
    text = " ".join(" ".join(_paragraphs(root.children)).split())
    is_marked = _has_marker(root)
    return text if is_marked and len(text) <= 1000 else _shortened(text)


def count_words(root: Element) -> int:
    """Count the words to read; two wide characters (Chinese, Japanese, Korean) count as one word."""
    text = text_of(root.children)
    words, wide = _WIDE.subn(" ", text)
    return len([word for word in words.split() if any(map(str.isalnum, word))]) + (wide + 1) // 2


def _paragraphs(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Marker):
            return
        if isinstance(node, Element) and node.tag not in _SKIPPED and not is_apparatus(node):
            yield text_of(node.children)
            if _has_marker(node):
                return


def _has_marker(element: Element) -> bool:
    return any(
        isinstance(node, Marker) or (isinstance(node, Element) and _has_marker(node)) for node in element.children
    )


def _shortened(text: str) -> str:
    """Cut after the excerpt's words, at a word, with the weight of wide characters."""
    weight = 0.0
    for match in re.finditer(r"\S+", text):
        wide = len(_WIDE.findall(match.group()))
        if weight + max(1.0, wide / 2) > EXCERPT_WORDS and match.start():
            return text[: match.start()].rstrip(" ,;:-\u2013\u2014") + "\u2026"
        if wide > 2 * EXCERPT_WORDS:
            return text[: match.start() + 2 * EXCERPT_WORDS] + "\u2026"
        weight += max(1.0, wide / 2)
    return text
