"""Finds which lines of two texts are the same, in time that no text can blow up."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

SMALL = 40_000
"""Pairs of lines (or words) up to which every one is compared with every other."""

DEEPEST = 40


def matching_lines(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return pairs of positions at which the two say the same, both rising.

    Lines that both have exactly once hold the rest in place ("patience"); between them, few lines are compared in full
    and many count as changed altogether.
    """
    return list(_match(old, new, (0, len(old)), (0, len(new)), 0))


def _match(
    old: Sequence[Hashable], new: Sequence[Hashable], here: tuple[int, int], there: tuple[int, int], depth: int
) -> Iterator[tuple[int, int]]:
    (start, end), (new_start, new_end) = here, there
    while start < end and new_start < new_end and old[start] == new[new_start]:
        yield start, new_start
        start, new_start = start + 1, new_start + 1
    tail = 0
    while end - tail > start and new_end - tail > new_start and old[end - tail - 1] == new[new_end - tail - 1]:
        tail += 1
    if start < end - tail and new_start < new_end - tail:
        yield from _match_middle(old, new, (start, end - tail), (new_start, new_end - tail), depth)
    yield from ((end - left, new_end - left) for left in range(tail, 0, -1))


def _match_middle(
    old: Sequence[Hashable], new: Sequence[Hashable], here: tuple[int, int], there: tuple[int, int], depth: int
) -> Iterator[tuple[int, int]]:
    if (here[1] - here[0]) * (there[1] - there[0]) <= SMALL:
        matcher = SequenceMatcher(None, old[slice(*here)], new[slice(*there)], autojunk=False)
        for block in matcher.get_matching_blocks():
            yield from ((here[0] + block.a + step, there[0] + block.b + step) for step in range(block.size))
        return
    if depth >= DEEPEST:
        return
    start, new_start = here[0], there[0]
    anchors = _anchors(old, new, here, there)
    for anchor, new_anchor in [*anchors, (here[1], there[1])] if anchors else []:
        yield from _match(old, new, (start, anchor), (new_start, new_anchor), depth + 1)
        if anchor < here[1]:
            yield anchor, new_anchor
        start, new_start = anchor + 1, new_anchor + 1


def _anchors(
    old: Sequence[Hashable], new: Sequence[Hashable], here: tuple[int, int], there: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return the longest rising run of lines that both sides have exactly once."""
    places = _unique_places(old, here)
    new_places = _unique_places(new, there)
    return _longest_rise([(place, new_places[line]) for line, place in places.items() if line in new_places])


def _unique_places(lines: Sequence[Hashable], span: tuple[int, int]) -> dict[Hashable, int]:
    counts = Counter(lines[slice(*span)])
    return {lines[place]: place for place in range(*span) if counts[lines[place]] == 1}


def _longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        pile = bisect_left(tops, value)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        piles[pile : pile + 1] = [index]
    rise = []
    index = piles[-1] if piles else -1
    while index >= 0:
        rise.append(pairs[index])
        index = before[index]
    return rise[::-1]
