"""The opening of a post in plain words, and how many words it has."""

import re

from homeport.text.tags import BLOCK, HEADINGS
from homeport.text.tree import Blob, Element, Marker, Node, is_apparatus, text_of

EXCERPT_WORDS = 50
MAX_LENGTH = 400
MAX_MARKED_LENGTH = 1000

_WIDE = re.compile(
    "[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SKIPPED = frozenset({"aside", "figure", "table", "details", "section", "pre", *HEADINGS})


def excerpt_of(root: Element) -> str:
    """Return the opening of a post: up to the author's mark, or about fifty words."""
    marked: list[str] = []
    if _collect(root.children, marked) and (text := _joined(marked)):
        return text if len(text) <= MAX_MARKED_LENGTH else _shortened(text)
    whole: list[str] = []
    _collect(root.children, whole, heeds_marks=False)
    return _shortened(_joined(whole))


def count_words(root: Element) -> int:
    """Count the words to read; two wide characters (Chinese, Japanese, Korean) count as one word."""
    text = text_of(root.children)
    words, wide = _WIDE.subn(" ", text)
    return len([word for word in words.split() if any(map(str.isalnum, word))]) + (wide + 1) // 2


def _collect(nodes: list[Node], parts: list[str], *, heeds_marks: bool = True) -> bool:
    """Collect the words of paragraphs; return whether the author's mark was met."""
    for node in nodes:
        if isinstance(node, Marker):
            if heeds_marks:
                return True
        elif isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Blob):
            parts.append(node.text)
        elif node.tag not in _SKIPPED and node.attrs.get("class") != "shortcode" and not is_apparatus(node):
            if _collect(node.children, parts, heeds_marks=heeds_marks):
                return True
            parts.append(" " if node.tag in BLOCK or node.tag == "br" else "")
    return False


def _joined(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _shortened(text: str) -> str:
    """Cut after the excerpt's words, or where even these are too long, at a word if there is one."""
    shortened = _at_a_word(text[: 2 * MAX_LENGTH])
    if len(shortened) <= MAX_LENGTH:
        return shortened
    whole_words = text[:MAX_LENGTH].rpartition(" ")[0]
    return _cut(whole_words if len(whole_words) > MAX_LENGTH // 2 else text[:MAX_LENGTH])


def _cut(text: str) -> str:
    return text.rstrip(" ,;:-\u2013\u2014") + "\u2026"


def _at_a_word(text: str) -> str:
    """Cut after the excerpt's words, at a word, with the weight of wide characters."""
    weight = 0.0
    for match in re.finditer(r"\S+", text):
        wide = len(_WIDE.findall(match.group()))
        if weight + max(1.0, wide / 2) > EXCERPT_WORDS and match.start():
            return _cut(text[: match.start()])
        if wide > 2 * EXCERPT_WORDS:
            return text[: match.start() + 2 * EXCERPT_WORDS] + "\u2026"
        weight += max(1.0, wide / 2)
    return text
