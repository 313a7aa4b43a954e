"""Holds what a program has sent against a schema, and says at each place what is wrong there.

It knows the part of JSON Schema (2020-12) that `schema.py` makes, and no more; unlike a library for all of it, it
speaks in sentences that can be shown to people.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from homeport.api.schema import Schema, Schemas

Fault = tuple[str, str]

_WORDS = {
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def find_faults(value: Any, schema: Schema, schemas: Schemas) -> dict[str, str]:
    """Return a sentence for each place where the value is not what the schema wants; the first of each place."""
    faults: dict[str, str] = {}
    for place, sentence in _faults(value, schema, schemas, ""):
        faults.setdefault(place, sentence)
    return faults


def printable(name: str) -> str:
    """Return the beginning of a name that was sent, without what cannot be sent back."""
    return _UNSTORABLE.sub("\ufffd", name[:100])


def _faults(value: Any, schema: Schema, schemas: Schemas, place: str) -> Iterator[Fault]:
    schema = schemas.resolve(schema)
    if "anyOf" in schema:
        yield from _faults_of_choice(value, schema["anyOf"], schemas, place)
        return
    wanted = schema.get("type", [])
    types = [wanted] if isinstance(wanted, str) else wanted
    if types and not any(_TYPES[name](value) for name in types):
        yield place, f"This must be {' or '.join(_WORDS[name] for name in types)}."
    elif "enum" in schema and value not in schema["enum"]:
        yield place, f"Choose one of {', '.join(str(choice) for choice in schema['enum'] if choice is not None)}."
    elif isinstance(value, str):
        yield from _faults_of_text(value, schema, place)
    elif isinstance(value, list):
        yield from _faults_of_list(value, schema, schemas, place)
    elif isinstance(value, dict):
        yield from _faults_of_object(value, schema, schemas, place)
    elif value is not None and not isinstance(value, bool):
        yield from _faults_of_number(value, schema, place)


def _faults_of_choice(value: Any, choices: list[Schema], schemas: Schemas, place: str) -> Iterator[Fault]:
    found = [list(_faults(value, choice, schemas, place)) for choice in choices]
    if all(found):
        # What is wrong deeper inside says more than that it is no null.
        yield from max(found, key=lambda faults: max(len(where) for where, _ in faults))


def _faults_of_text(text: str, schema: Schema, place: str) -> Iterator[Fault]:
    if _UNSTORABLE.search(text):
        yield place, "This has a character that cannot be stored (a zero byte or half a character)."
    elif len(text) > schema.get("maxLength", len(text)):
        yield place, f"This is too long: {len(text):,} characters of at most {schema['maxLength']:,}."
    elif len(text) < schema.get("minLength", 0):
        yield place, "This must not be empty."
    elif "pattern" in schema and not re.search(schema["pattern"], text):
        yield place, schema.get("description") or "This is not written as it must be."


def _faults_of_number(number: float, schema: Schema, place: str) -> Iterator[Fault]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if (least is not None and number < least) or (most is not None and number > most):
        yield place, f"This must be from {least} to {most}."


def _faults_of_list(items: list[Any], schema: Schema, schemas: Schemas, place: str) -> Iterator[Fault]:
    if len(items) > schema.get("maxItems", len(items)):
        yield place, f"These are too many: {len(items):,} of at most {schema['maxItems']:,}."
        return
    for number, item in enumerate(items):
        yield from _faults(item, schema.get("items", {}), schemas, f"{place}[{number}]")


def _faults_of_object(value: dict[str, Any], schema: Schema, schemas: Schemas, place: str) -> Iterator[Fault]:
    fields, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    if len(value) > schema.get("maxProperties", len(value)):
        yield place, f"These are too many: {len(value):,} of at most {schema['maxProperties']:,}."
        return
    for name in schema.get("required", ()):
        if name not in value:
            yield _inside(place, name), "This is missing."
    for name, part in value.items():
        if name in fields:
            yield from _faults(part, fields[name], schemas, _inside(place, name))
        elif others is False:
            yield _inside(place, printable(name)), "There is no such field."
        else:
            yield from _faults_of_text(name, {}, _inside(place, printable(name)))
            yield from _faults(part, others, schemas, _inside(place, printable(name)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": _is_number,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
