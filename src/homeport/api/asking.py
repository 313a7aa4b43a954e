"""What a program's request says in its query and its JSON; each refused with its reason."""

import json
from collections import Counter
from typing import Any

from flask import request

from homeport.api.checking import find_faults, printable
from homeport.api.schema import Schema, Schemas
from homeport.errors import InvalidError

MOST_BYTES = 16 * 2**20
"""Of a request that is no file: the longest text, with every character written as an escape."""

MOST_DEPTH = 20


class InputError(InvalidError):
    """What was sent is not what is taken here; `faults` has a sentence for each place."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(f"{place}: {sentence}" if place else sentence for place, sentence in faults.items()))
        self.faults = faults


class UnreadableBodyError(InvalidError):
    """What was sent cannot be read as what it is said to be."""


class UnknownKindError(InvalidError):
    """What was sent is of a kind that is not taken here."""

    def __init__(self, *taken: str) -> None:
        sent = (
            f"a body of kind {request.mimetype} is not taken here"
            if request.mimetype
            else "the request does not say what kind of body it has"
        )
        super().__init__(sent, hint=f"Send it with Content-Type: {' or '.join(taken)}.")


def read_query(schema: Schema, schemas: Schemas) -> dict[str, Any]:
    """Return the parameters of the address; raises InputError."""
    fields = schemas.resolve(schema)["properties"]
    faults = {name: "This stands there twice." for name, values in request.args.lists() if len(values) > 1}
    given = {name: _of_text(value, fields.get(name, {})) for name, value in request.args.items()}
    return _checked(given, schema, schemas, faults)


def read_body(schema: Schema, schemas: Schemas, *, text_field: str = "") -> dict[str, Any]:
    """Return the JSON that was sent; a Markdown text stands for an object with that text in `text_field`.

    Raises InputError, and UnreadableBodyError or UnknownKindError for what is no JSON at all.
    """
    request.max_content_length = min(request.max_content_length or MOST_BYTES, MOST_BYTES)
    if text_field and request.mimetype == "text/markdown":
        return _checked({text_field: _decoded(request.get_data())}, schema, schemas, {})
    if request.mimetype != "application/json":
        raise UnknownKindError("application/json", *(["text/markdown"] if text_field else []))
    return _checked(_parsed(request.get_data()), schema, schemas, {})


def _of_text(text: str, schema: Schema) -> Any:
    kind = schema.get("type")
    if kind == "integer" and text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20:
        return int(text)
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InputError({"": "The text is not UTF-8."}) from error


def _parsed(data: bytes) -> Any:
    if not data.strip():
        raise UnreadableBodyError("nothing was sent", hint="Send a JSON object; {} if there is nothing to say.")
    try:
        value = json.loads(
            data, parse_constant=_no_number, parse_float=_number, object_pairs_hook=_object_of_different_names
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _no_json(f"{error.msg[:1].lower()}{error.msg[1:]} at {place}") from error
    except UnicodeDecodeError as error:
        raise _no_json(f"it is not UTF-8 from byte {error.start + 1} on") from error
    except RecursionError as error:
        raise _no_json("it is nested too deeply") from error
    except ValueError as error:
        # Of Python's own there is only one left: it takes no longer number.
        raise _no_json("it has a number with too many digits") from error
    if _depth(value) > MOST_DEPTH:
        raise InputError({"": f"This is nested more than {MOST_DEPTH} levels deep."})
    return value


def _no_json(why: str) -> UnreadableBodyError:
    return UnreadableBodyError(f"what was sent is no JSON: {why}", hint="Nothing was done; mend it and send it again.")


def _depth(value: Any) -> int:
    """Return how deep a value is nested, without recursion: this is what protects the rest from it."""
    depth, level = 0, [value]
    while level and depth <= MOST_DEPTH:
        level = [
            part
            for outer in level
            if isinstance(outer, dict | list)
            for part in (outer.values() if isinstance(outer, dict) else outer)
        ]
        depth += 1
    return depth


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _no_number(word: str) -> float:
    raise _no_json(f"{word} is no number there")


def _object_of_different_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise _no_json(f"the name “{printable(twice)}” stands twice in one object")
    return found


def _checked(given: Any, schema: Schema, schemas: Schemas, faults: dict[str, str]) -> dict[str, Any]:
    faults = find_faults(given, schema, schemas) | faults
    if faults:
        raise InputError(faults)
    checked: dict[str, Any] = given
    return checked
