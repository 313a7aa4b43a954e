"""Marks code in five classes with Pygments, and gives up on what would take it too long."""

import time
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name, get_all_lexers
from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, Operator, String, _TokenType

from homeport.text.lexing import tokens_of

# Pygments is a pile of regular expressions, some of them quadratic on what no author writes. Bounds on a block, on a
# line and on the processor time since a post's first block keep such code from costing much; it loses its colour.
MAX_LENGTH = 40_000
MAX_LINE = 1_000
MAX_SECONDS = 3.0

_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Keyword.Constant, "s"),
    (Keyword.Type, "f"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Tag, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Name.Constant, "s"),
    (Name.Exception, "f"),
    (String, "s"),
    (Number, "s"),
    (Literal, "s"),
    (Comment.Preproc, "k"),
    (Comment, "c"),
    (Generic.Output, "c"),
    (Generic.Prompt, "c"),
    (Generic.Heading, "k"),
    (Generic.Error, "e"),
    (Generic.Traceback, "e"),
)

# One of its expressions alone takes minutes on a line of tabs.
_NEVER_USED = frozenset({"easytrieve"})
_PLAIN_NAMES = frozenset({"", "text", "txt", "plain", "plaintext", "none", "ascii", "raw", "mermaid", "output"})


Pieces = list[tuple[str, str]]


class Highlighter:
    """Marks the code of one post."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._clock = _Clock(seconds)

    def mark(self, lines: list[str], language: str) -> list[str] | None:
        """Return each line as HTML, or None when the code is to be shown plain."""
        lexer_class = _lexer_class(language)
        if lexer_class is None or self._clock.is_over():
            return None
        if sum(map(len, lines)) + len(lines) > MAX_LENGTH or any(len(line) > MAX_LINE for line in lines):
            return None
        # With its final newline: lexers of terminal sessions lose a last line that has none. And each block gets its
        # own lexer: they keep state while they work.
        source = "\n".join(lines) + "\n"
        pieces = self._pieces(source, lexer_class(stripnl=False, ensurenl=False))
        if "".join(text for _, text in pieces) != source:
            # A lexer that loses or adds a character must not cost the author one.
            return None
        return [_marked_line(line) for line in _by_line(pieces)]

    def _pieces(self, source: str, lexer: Lexer) -> Pieces:
        """Return the tokens of a source with their classes, or nothing when the time is up."""
        pieces: Pieces = []
        try:
            for position, kind, text in tokens_of(lexer, source):
                pieces.append((_class_of(kind), text))
                if not position % 8 and self._clock.is_over():
                    return []
        # Five hundred lexers by as many hands: one that stumbles over a block must not take the post with it.
        except Exception:  # noqa: BLE001
            return []
        return pieces


class _Clock:
    """Counts processor time, asking for it only once that much time has passed at all: asking may be slow."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._started = time.perf_counter()
        self._started_work = time.thread_time()

    def is_over(self) -> bool:
        if time.perf_counter() - self._started < self._seconds:
            return False
        return time.thread_time() - self._started_work >= self._seconds


@lru_cache(maxsize=256)
def _lexer_class(language: str) -> type[Lexer] | None:
    if language not in _known_names():
        return None
    return find_lexer_class_by_name(language)


@cache
def _known_names() -> frozenset[str]:
    # Asked for a name it doesn't know, Pygments looks through every installed package for a plug-in.
    names = {alias.lower() for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases}
    return frozenset(names - _PLAIN_NAMES - _NEVER_USED)


@lru_cache(maxsize=1024)
def _class_of(token: _TokenType) -> str:
    return next((name for kind, name in _CLASSES if token[: len(kind)] == kind), "")


def _by_line(pieces: Pieces) -> Iterator[Pieces]:
    line: Pieces = []
    for name, text in pieces:
        if "\n" not in text:
            line.append((name, text))
            continue
        first, *rest = text.split("\n")
        line.append((name, first))
        for part in rest:
            yield line
            line = [(name, part)]


def _marked_line(pieces: Pieces) -> str:
    """Write one line's pieces, joining neighbours of one class across the blanks between them."""
    out: list[str] = []
    open_name = blanks = ""
    for name, text in pieces:
        if not text or text.isspace():
            blanks += text
            continue
        if name != open_name:
            if open_name:
                out.append("</span>")
            out.append(f'{blanks}<span class="{name}">' if name else blanks)
            open_name, blanks = name, ""
        out.append(blanks + escape(text, quote=False))
        blanks = ""
    return "".join(out) + ("</span>" if open_name else "") + blanks
