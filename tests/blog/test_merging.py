from homeport.blog.fields import EntryFields
from homeport.blog.forms import as_form
from homeport.blog.merging import Base, is_same_form, merge_forms
from tests.blog.test_forms import BERLIN, FULL

SHOWN = as_form(FULL, BERLIN)


def test_a_field_that_one_side_left_alone_follows_the_other():
    before = {**SHOWN, "title": "Old", "description": "Mine"}
    result = merge_forms({**SHOWN, "title": "Old", "description": "New"}, SHOWN, Base(None, before), "Ada")
    assert result.form["title"] == SHOWN["title"]
    assert result.disputed == ("description",)


def test_of_a_field_that_both_changed_the_typed_one_stands_and_is_named():
    result = merge_forms({**SHOWN, "title": "Mine"}, SHOWN, Base(None, {**SHOWN, "title": "Old"}), "Ada")
    assert result.form["title"] == "Mine"
    assert result.disputed == ("title",)


def test_texts_come_together_by_lines():
    theirs = {**SHOWN, "source": "One\ntwo\nthree\n"}
    result = merge_forms({**SHOWN, "source": "Zero\r\nOne\r\ntwo\r\n"}, theirs, Base("One\r\ntwo\r\n", SHOWN), "Ada")
    assert result.form["source"] == "Zero\nOne\ntwo\nthree\n"
    assert not result.has_marks


def test_lines_that_both_changed_are_marked_with_names():
    theirs = {**SHOWN, "source": "One\nTWO\n"}
    result = merge_forms({**SHOWN, "source": "One\n2\n"}, theirs, Base("One\ntwo\n", SHOWN), "Ada")
    assert result.form["source"] == "One\n<<<<<<< yours\n2\n=======\nTWO\n>>>>>>> saved by Ada\n"
    assert result.has_marks


def test_without_a_base_nothing_of_either_text_is_lost():
    theirs = {**SHOWN, "source": "One\ntwo\nthree\n"}
    result = merge_forms({**SHOWN, "source": "Zero\ntwo\n"}, theirs, Base(), "")
    assert {"One", "Zero", "two", "three"} <= set(result.form["source"].split("\n"))


def test_line_endings_are_no_change():
    assert is_same_form({"source": "One\r\ntwo\r\n"}, SHOWN)
    assert not is_same_form({"source": "One\r\n"}, SHOWN)


def test_an_empty_form_is_like_itself():
    shown = as_form(EntryFields(), BERLIN)
    assert is_same_form({}, shown)
