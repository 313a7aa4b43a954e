from hypothesis import given
from hypothesis import strategies as st

from homeport.text.merging import has_marks, merge, merge_without_base

texts = st.lists(st.sampled_from(["one", "two", "three", ""]), max_size=12).map("\n".join)


@given(texts, texts)
def test_who_alone_changed_the_text_is_followed(base, changed):
    assert merge(base, changed, base) == merge(base, base, changed)
    assert merge(base, changed, base).text == changed
    assert merge(base, changed, base).conflicts == 0


@given(texts, texts)
def test_the_same_change_twice_is_one_change(base, changed):
    assert merge(base, changed, changed).text == changed


@given(texts, texts, texts)
def test_no_line_that_somebody_added_is_lost(base, mine, theirs):
    kept = merge(base, mine, theirs).text.split("\n")
    added = (set(mine.split("\n")) | set(theirs.split("\n"))) - set(base.split("\n"))
    assert added <= set(kept)


@given(texts, texts, texts)
def test_the_order_of_the_two_matters_only_inside_the_marks(base, mine, theirs):
    assert merge(base, mine, theirs).conflicts == merge(base, theirs, mine).conflicts


@given(texts, texts)
def test_without_a_base_everything_stays(mine, theirs):
    kept = merge_without_base(mine, theirs).text.split("\n")
    assert set(mine.split("\n")) | set(theirs.split("\n")) <= set(kept)


def test_changes_in_different_places_come_together():
    base = "Title\n\nOne.\n\nTwo.\n\nThree."
    merged = merge(base, base.replace("One", "First"), base.replace("Three", "Third"))
    assert merged.text == "Title\n\nFirst.\n\nTwo.\n\nThird."
    assert merged.conflicts == 0


def test_both_sides_of_a_conflict_stand_in_the_text():
    merged = merge("a\nx\nb", "a\nmine\nb", "a\ntheirs\nb", my_name="yours", their_name="saved by Ada")
    assert merged.text == "a\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> saved by Ada\nb"
    assert merged.conflicts == 1
    assert has_marks(merged.text)


def test_a_heading_that_is_underlined_is_no_mark():
    assert not has_marks("Title\n=======\n\ntext")
