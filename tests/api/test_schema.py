"""Types as JSON Schema."""

from typing import TypedDict

import pytest

from homeport.api.schema import REFERENCE, Schemas


class Branch(TypedDict, total=False):
    """A part that has parts of its kind."""

    parts: "list[Branch]"


def test_a_type_may_hold_others_of_its_own_kind():
    schemas = Schemas()
    assert schemas.of(Branch, is_closed=True) == {"$ref": f"{REFERENCE}Branch"}
    assert schemas.named["Branch"]["properties"]["parts"]["items"] == {"$ref": f"{REFERENCE}Branch"}


def test_what_is_taken_anywhere_is_closed_wherever_it_is_given():
    schemas = Schemas()
    schemas.of(Branch, is_closed=True)
    schemas.of(Branch, is_closed=False)
    assert schemas.named["Branch"]["additionalProperties"] is False


def test_two_types_of_one_name_are_not_mistaken_for_each_other():
    schemas = Schemas()
    schemas.of(Branch, is_closed=True)
    with pytest.raises(TypeError):
        schemas.of(TypedDict("Branch", {"x": int}), is_closed=True)  # type: ignore[operator]


def test_what_has_no_place_in_json_is_refused():
    with pytest.raises(TypeError):
        Schemas().of(set[int], is_closed=True)
