"""Brings two changes of one text together, line by line; where both changed the same lines, both stay, marked."""

from collections.abc import Iterator
from dataclasses import dataclass

from homeport.text.matching import matching_lines

OPENING, MIDDLE, CLOSING = "<<<<<<<", "=======", ">>>>>>>"


@dataclass(frozen=True, slots=True)
class Merged:
    """Both changes in one text; `conflicts` counts the places where somebody has to choose."""

    text: str
    conflicts: int


def merge(base: str, mine: str, theirs: str, *, my_name: str = "yours", their_name: str = "theirs") -> Merged:
    """Return `base` with what `mine` and `theirs` changed in it. All three have LF at the ends of their lines."""
    return _merge(base.split("\n"), mine.split("\n"), theirs.split("\n"), (my_name, their_name))


def merge_without_base(mine: str, theirs: str, *, my_name: str = "yours", their_name: str = "theirs") -> Merged:
    """Return everything that either text has, for when nobody knows what they came from."""
    left, right = mine.split("\n"), theirs.split("\n")
    common = [left[place] for place, _ in matching_lines(left, right)]
    return _merge(common, left, right, (my_name, their_name))


def has_marks(text: str) -> bool:
    """Say whether a text still has places marked where somebody has to choose."""
    starts = {line[: len(OPENING)] for line in text.splitlines()}
    return {OPENING, MIDDLE, CLOSING} <= starts


def _merge(base: list[str], mine: list[str], theirs: list[str], names: tuple[str, str]) -> Merged:
    parts: list[str] = []
    conflicts = 0
    for old, left, right in _regions(base, mine, theirs):
        if left in (right, old):
            parts += right
        elif right == old:
            parts += left
        else:
            conflicts += 1
            parts += _marked(left, right, names)
    return Merged("\n".join(parts), conflicts)


def _marked(left: list[str], right: list[str], names: tuple[str, str]) -> list[str]:
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    mine, yours = left[start : len(left) - end], right[start : len(right) - end]
    marks = [f"{OPENING} {names[0]}", *mine, MIDDLE, *yours, f"{CLOSING} {names[1]}"]
    return [*left[:start], *marks, *left[len(left) - end :]]


def _regions(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Yield the three texts side by side: what all have, and between that what somebody changed."""
    left = dict(matching_lines(base, mine))
    right = dict(matching_lines(base, theirs))
    at = (0, 0, 0)
    for place in sorted(left.keys() & right.keys()):
        here = (place, left[place], right[place])
        if at != here:
            yield base[at[0] : here[0]], mine[at[1] : here[1]], theirs[at[2] : here[2]]
        yield [base[place]], [base[place]], [base[place]]
        at = (here[0] + 1, here[1] + 1, here[2] + 1)
    yield base[at[0] :], mine[at[1] :], theirs[at[2] :]
