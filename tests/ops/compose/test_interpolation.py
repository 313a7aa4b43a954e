import pytest

from homeport.ops.compose.interpolation import Interpolation

VALUES = {"NAME": "Ada", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$NAME and ${NAME}", "Ada and Ada"),
        ("$$NAME", "$NAME"),
        ("${NAME:-Eve}", "Ada"),
        ("${EMPTY:-Eve}", "Eve"),
        ("${EMPTY-Eve}", ""),
        ("${NONE:-}", ""),
        ("${NONE-Eve}:81", "Eve:81"),
        ("${NAME:+there}", "there"),
        ("${EMPTY:+there}", ""),
        ("${EMPTY+there}", "there"),
        ("costs 5 $", "costs 5 $"),
    ],
)
def test_references_are_replaced_by_the_rules_of_compose(text, expected):
    interpolation = Interpolation(VALUES)
    assert interpolation.apply(text) == expected
    assert interpolation.missing == {}


@pytest.mark.parametrize(("text", "message"), [("$NONE", ""), ("${NONE}", ""), ("${NONE:?say why}", "say why")])
def test_what_has_no_value_is_remembered(text, message):
    interpolation = Interpolation(VALUES)
    assert interpolation.apply(text) == ""
    assert interpolation.missing == {"NONE": message}


def test_the_files_own_words_are_kept_wherever_they_stand():
    interpolation = Interpolation(VALUES)
    interpolation.apply(["${NONE}", "${NONE:?say why}", "${NONE}"])
    assert interpolation.missing == {"NONE": "say why"}


def test_an_empty_value_can_be_as_bad_as_none():
    interpolation = Interpolation(VALUES)
    interpolation.apply(["${EMPTY?}", "${EMPTY:?too little}"])
    assert interpolation.missing == {"EMPTY": "too little"}


def test_values_are_put_in_at_any_depth_and_nothing_else_changes():
    assert Interpolation(VALUES).apply({"a": ["${NAME}", 5, None, {"b": True}]}) == {"a": ["Ada", 5, None, {"b": True}]}
