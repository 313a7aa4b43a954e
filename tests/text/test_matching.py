from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from homeport.text.matching import matching_lines

lines = st.lists(st.sampled_from("abcd"), max_size=30)


@given(lines, lines)
def test_pairs_are_equal_and_rise(old, new):
    pairs = matching_lines(old, new)
    assert all(old[place] == new[new_place] for place, new_place in pairs)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))


@given(lines)
def test_a_text_is_wholly_like_itself(old):
    assert matching_lines(old, old) == [(place, place) for place in range(len(old))]


def test_a_line_in_the_middle_of_much_is_found():
    old = [f"line {number}" for number in range(5000)]
    new = [*old[:10], "new", *old[10:4000], *old[4100:], "end"]
    pairs = matching_lines(old, new)
    assert len(pairs) == 4900
    assert (10, 11) in pairs


def test_many_lines_that_are_all_alike_count_as_changed_altogether():
    assert matching_lines(["", "a"] * 20_000, ["b", ""] * 20_000) == []
