"""What changed between two texts, as rows to be read side by side, down to the words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from homeport.text.lines import with_plain_endings
from homeport.text.matching import matching_lines

CONTEXT = 3
"""Lines around a change that stay in sight."""

MOST_WORDS, MOST_PAIRED, MOST_ROWS = 2_000, 200, 1_000
"""Words of a line and lines of one change that are compared with each other; rows that somebody may want to read."""

ALIKE = 0.4
"""From this likeness on two lines are one line that was changed; below it, one went and another came."""

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line, and whether only this side has them."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of both sides. A side without the line has no number.

    A row of the kind `gap` stands for lines that are the same, one of the kind `rest` for rows that are too many.
    """

    kind: str
    old_number: int | None = None
    old: tuple[Piece, ...] = ()
    new_number: int | None = None
    new: tuple[Piece, ...] = ()
    gap: int = 0


def compare(old: str, new: str) -> tuple[Row, ...]:
    """Return the rows in which two texts differ, with some lines around; none when they say the same."""
    before, after = with_plain_endings(old).split("\n"), with_plain_endings(new).split("\n")
    if before == after:
        return ()
    rows = tuple(_folded(list(_rows(before, after))))
    return rows if len(rows) <= MOST_ROWS else (*rows[:MOST_ROWS], Row("rest", gap=len(rows) - MOST_ROWS))


def _rows(before: list[str], after: list[str]) -> Iterator[Row]:
    start, new_start = 0, 0
    for place, new_place in [*matching_lines(before, after), (len(before), len(after))]:
        yield from _changed(before[start:place], after[new_start:new_place], start + 1, new_start + 1)
        if place < len(before):
            same = (Piece(before[place]),)
            yield Row("same", place + 1, same, new_place + 1, same)
        start, new_start = place + 1, new_place + 1


def _changed(before: list[str], after: list[str], number: int, new_number: int) -> Iterator[Row]:
    """Pair every line with the next one that is like it."""
    at = 0
    for offset, line in enumerate(after):
        partner = _partner(line, before, at) if offset < MOST_PAIRED else None
        if partner is None:
            yield Row("added", new_number=new_number + offset, new=(Piece(line, is_changed=True),))
            continue
        for gone in range(at, partner):
            yield Row("removed", number + gone, (Piece(before[gone], is_changed=True),))
        old, new = _words(before[partner], line)
        yield Row("changed", number + partner, old, new_number + offset, new)
        at = partner + 1
    for gone in range(at, len(before)):
        yield Row("removed", number + gone, (Piece(before[gone], is_changed=True),))


def _partner(line: str, before: list[str], start: int) -> int | None:
    for index in range(start, min(start + 8, len(before))):
        if line.strip() and before[index].strip() and _is_alike(before[index], line):
            return index
    return None


def _is_alike(old: str, new: str) -> bool:
    words, new_words = _WORD.findall(old[:MOST_WORDS]), _WORD.findall(new[:MOST_WORDS])
    matcher = SequenceMatcher(None, words, new_words, autojunk=len(words) > 200)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    words, new_words = _WORD.findall(old), _WORD.findall(new)
    if max(len(words), len(new_words)) > MOST_WORDS:
        return (Piece(old, is_changed=True),), (Piece(new, is_changed=True),)
    pairs = matching_lines(words, new_words)
    return _pieces(words, {place for place, _ in pairs}), _pieces(new_words, {place for _, place in pairs})


def _pieces(words: Sequence[str], same: set[int]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for place, word in enumerate(words):
        is_changed = place not in same
        if pieces and pieces[-1].is_changed == is_changed:
            pieces[-1] = Piece(pieces[-1].text + word, is_changed)
        else:
            pieces.append(Piece(word, is_changed))
    return tuple(pieces)


def _folded(rows: list[Row]) -> Iterator[Row]:
    """Leave out lines that are the same and far from any change."""
    near: set[int] = set()
    for place, row in enumerate(rows):
        if row.kind != "same":
            near.update(range(place - CONTEXT, place + CONTEXT + 1))
    skipped = 0
    for place, row in enumerate(rows):
        if place not in near:
            skipped += 1
            continue
        if skipped:
            yield Row("gap", gap=skipped)
            skipped = 0
        yield row
    if skipped:
        yield Row("gap", gap=skipped)
