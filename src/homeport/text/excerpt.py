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
    opening = _Opening(heeds_marks=True)
    opening.read(root.children)
    if opening.is_marked and not opening.text:
        opening = _Opening(heeds_marks=False)
        opening.read(root.children)
    text = opening.text
    return text if opening.is_marked and len(text) <= MAX_MARKED_LENGTH else _shortened(text)


def count_words(root: Element) -> int:
    """Count the words to read; two wide characters (Chinese, Japanese, Korean) count as one word."""
    text = text_of(root.children)
    words, wide = (text, 0) if text.isascii() else _WIDE.subn(" ", text)
    # Nearly every word begins with a letter; only of the others each character is looked at.
    spoken = [word for word in words.split() if word[0].isalnum() or any(map(str.isalnum, word))]
    return len(spoken) + (wide + 1) // 2


class _Opening:
    """Collects the words of paragraphs, as far as the author's mark or an excerpt reaches."""

    def __init__(self, *, heeds_marks: bool) -> None:
        self.is_marked = False
        self._heeds_marks = heeds_marks
        self._parts: list[str] = []
        self._missing = MAX_MARKED_LENGTH + 1

    @property
    def text(self) -> str:
        """The words on one line."""
        return " ".join("".join(self._parts).split())

    def read(self, nodes: list[Node]) -> bool:
        """Read nodes and return whether nothing more is needed."""
        for node in nodes:
            if isinstance(node, Marker):
                self.is_marked = self._heeds_marks
            elif isinstance(node, str):
                self._add(node)
            elif isinstance(node, Blob):
                self._add(node.text)
            elif node.tag not in _SKIPPED and node.attrs.get("class") != "shortcode" and not is_apparatus(node):
                # Also before it: a list stands within an item, right after its words.
                between = " " if node.tag in BLOCK or node.tag == "br" else ""
                self._parts.append(between)
                if self.read(node.children):
                    return True
                self._parts.append(between)
            if self.is_marked or self._missing <= 0:
                return True
        return False

    def _add(self, words: str) -> None:
        self._parts.append(words)
        # White space may melt away, all else counts.
        self._missing -= sum(map(len, words.split()))


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
    if text.isascii():
        words = text.split(" ", EXCERPT_WORDS)
        return _cut(" ".join(words[:-1])) if len(words) > EXCERPT_WORDS else text
    weight = 0.0
    for match in re.finditer(r"\S+", text):
        wide = len(_WIDE.findall(match.group()))
        if weight + max(1.0, wide / 2) > EXCERPT_WORDS and match.start():
            return _cut(text[: match.start()])
        if wide > 2 * EXCERPT_WORDS:
            return text[: match.start() + 2 * EXCERPT_WORDS] + "\u2026"
        weight += max(1.0, wide / 2)
    return text
