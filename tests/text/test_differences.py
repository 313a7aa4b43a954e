from hypothesis import given
from hypothesis import strategies as st

from homeport.text.differences import MOST_ROWS, Piece, compare

texts = st.lists(st.sampled_from(["one two three", "one two four", "", "another line"]), max_size=15).map("\n".join)


def said(row, side):
    return "".join(piece.text for piece in getattr(row, side))


@given(texts, texts)
def test_each_side_reads_as_it_was_where_it_is_shown(old, new):
    before, after = old.split("\n"), new.split("\n")
    for row in compare(old, new):
        if row.old_number:
            assert said(row, "old") == before[row.old_number - 1]
        if row.new_number:
            assert said(row, "new") == after[row.new_number - 1]


@given(texts, texts)
def test_every_line_of_both_sides_is_shown_or_counted(old, new):
    rows = compare(old, new)
    if old == new:
        assert rows == ()
        return
    skipped = sum(row.gap for row in rows)
    assert sum(row.old_number is not None for row in rows) + skipped == len(old.split("\n"))
    assert sum(row.new_number is not None for row in rows) + skipped == len(new.split("\n"))


def test_the_words_that_changed_are_marked():
    (row,) = compare("The sea is calm today.", "The sea is wild today.")
    assert row.kind == "changed"
    assert row.old == (Piece("The sea is "), Piece("calm", is_changed=True), Piece(" today."))
    assert row.new == (Piece("The sea is "), Piece("wild", is_changed=True), Piece(" today."))


def test_a_new_paragraph_before_a_changed_one_is_told_apart():
    kinds = [row.kind for row in compare("The sea is calm today.", "Something else.\n\nThe sea is wild today.")]
    assert kinds == ["added", "added", "changed"]


def test_far_lines_that_are_the_same_are_left_out():
    old = "\n".join(f"line {number}" for number in range(50))
    rows = compare(old, old.replace("line 25", "row 25"))
    assert [row.kind for row in rows] == ["gap", *["same"] * 3, "changed", *["same"] * 3, "gap"]
    assert (rows[0].gap, rows[-1].gap) == (22, 21)


def test_more_than_anybody_reads_is_counted():
    old, new = ("\n".join(f"{word} {number}" for number in range(5000)) for word in ("old", "new"))
    rows = compare(old, new)
    assert len(rows) == MOST_ROWS + 1
    assert rows[-1].kind == "rest"
    assert rows[-1].gap > 1000


def test_line_endings_are_no_difference():
    assert compare("a\r\nb\r\n", "a\nb\n") == ()
