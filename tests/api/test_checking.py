"""Our checks of what is sent, beside those of a validator that others have written."""

from typing import Annotated, Literal, NotRequired, TypedDict

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeport.api.checking import find_faults
from homeport.api.schema import REFERENCE, Limits, Schemas
from homeport.api.v1 import SECTIONS

SCHEMAS = Schemas()
BODIES = {
    operation.name: SCHEMAS.of(operation.hints["body"], is_closed=True)
    for section in SECTIONS
    for operation in section.operations
    if "body" in operation.hints
}
NAMES = sorted({name for schema in SCHEMAS.named.values() for name in schema.get("properties", {})})
# Without what no validator minds and the database does: zero bytes and half characters.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=130)
ONES = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | TEXTS
TELLING = st.sampled_from(["", "article", "published", "serif", "a,b", "/old", "//x", "0" * 32, "x" * 301, "x" * 2001])
VALUES = st.recursive(
    ONES | TELLING,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=6,
)


def peer_of(schema):
    """Return the other validator for the same schema."""
    definitions = {name: _led_to_definitions(named) for name, named in SCHEMAS.named.items()}
    return jsonschema_rs.Draft202012Validator({**_led_to_definitions(schema), "$defs": definitions})


def _led_to_definitions(part):
    if isinstance(part, dict):
        return {name: _led_to_definitions(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_led_to_definitions(value) for value in part]
    return part.replace(REFERENCE, "#/$defs/") if isinstance(part, str) else part


def is_whole_float(value):
    if isinstance(value, dict | list):
        return any(map(is_whole_float, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float) and value.is_integer()


@pytest.mark.parametrize("name", BODIES)
def test_we_take_what_others_would_take_and_refuse_what_they_would_refuse(name):
    schema = BODIES[name]
    peer = peer_of(schema)
    fields = SCHEMAS.resolve(schema)["properties"]

    # Whole numbers in the form of fractions are made whole when the JSON is read, before they come here.
    @settings(max_examples=60, deadline=None, database=None)
    @given(
        st.dictionaries(st.sampled_from([*fields, "colour"]), VALUES, max_size=4).filter(
            lambda v: not is_whole_float(v)
        )
    )
    def compare(value):
        assert (find_faults(value, schema, SCHEMAS) == {}) == peer.is_valid(value)

    compare()


class Leaf(TypedDict):
    """A part."""

    size: Annotated[int, Limits(minimum=1, maximum=9)]


class Tree(TypedDict):
    """A whole."""

    name: Annotated[str, Limits(minLength=1, maxLength=5)]
    kind: NotRequired[Literal["oak", "elm"] | None]
    leaves: NotRequired[Annotated[list[Leaf], Limits(maxItems=2)]]
    marks: NotRequired[dict[str, bool]]


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ({"name": "a", "kind": None, "leaves": [{"size": 1}], "marks": {"x": True}}, {}),
        ([], {"": "This must be an object."}),
        ({}, {"name": "This is missing."}),
        ({"name": ""}, {"name": "This must not be empty."}),
        ({"name": "abcdef"}, {"name": "This is too long: 6 characters of at most 5."}),
        ({"name": 1}, {"name": "This must be a text."}),
        ({"name": "a", "kind": "ash"}, {"kind": "Choose one of oak, elm."}),
        ({"name": "a", "kind": 1}, {"kind": "This must be a text or null."}),
        ({"name": "a", "leaves": [{"size": 1}, {"size": 0}]}, {"leaves[1].size": "This must be from 1 to 9."}),
        ({"name": "a", "leaves": [{"size": True}]}, {"leaves[0].size": "This must be a whole number."}),
        ({"name": "a", "leaves": [{}, {}, {}]}, {"leaves": "These are too many: 3 of at most 2."}),
        ({"name": "a", "marks": {"x": 1}}, {"marks.x": "This must be true or false."}),
        (
            {"name": "a", "colour": 1, "size": 2},
            {"colour": "There is no such field.", "size": "There is no such field."},
        ),
    ],
)
def test_every_fault_is_told_in_a_sentence_at_its_place(value, faults):
    schemas = Schemas()
    assert find_faults(value, schemas.of(Tree, is_closed=True), schemas) == faults


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_what_the_database_cannot_hold_is_found_in_values_and_names(text):
    schemas = Schemas()
    schema = schemas.of(Tree, is_closed=True)
    assert set(find_faults({"name": text}, schema, schemas)) == {"name"}
    assert set(find_faults({"name": "a", "marks": {text: True}}, schema, schemas)) == {"marks.\ufffd"}
