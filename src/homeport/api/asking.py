"""What a program's request says: its query, its JSON, and which version it is about; each refused with its reason."""

import json
import re
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from homeport.api.checking import find_faults
from homeport.api.schema import Schema, Schemas
from homeport.errors import ConflictError, InvalidError

MOST_BYTES = 16 * 2**20
"""Of a request that is no file: the longest text, with every character written as an escape."""

MOST_DEPTH = 20
_VERSIONS = re.compile(r'(?:^|,)\s*"([0-9]{1,9})"\s*(?=,|$)')


class InputError(InvalidError):
    """What was sent is not what is taken here; `faults` has a sentence for each place."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(f"{place}: {sentence}" if place else sentence for place, sentence in faults.items()))
        self.faults = faults


class VersionMissingError(ConflictError):
    """The request does not say which version of the thing it is about."""


class VersionPassedError(ConflictError):
    """The thing has another version by now."""


@dataclass(frozen=True, slots=True)
class Version:
    """What `If-Match` says: the versions that a change may start from; None: whichever it is."""

    numbers: frozenset[int] | None

    def based_on(self, current: int) -> int:
        """Return the version that a change starts from: the one there is, if it is meant."""
        return current if self.numbers is None or current in self.numbers else max(self.numbers, default=0)

    def check(self, current: int) -> None:
        """Refuse a change of another version; raises VersionPassedError."""
        if self.based_on(current) != current:
            raise VersionPassedError(
                "this was changed in the meantime", hint="Read it again, and send what you have with its new ETag."
            )


def read_version() -> Version | None:
    """Return what `If-Match` says, None when it is not there."""
    shown = request.headers.get("If-Match")
    if shown is None:
        return None
    return Version(None if shown.strip() == "*" else frozenset(map(int, _VERSIONS.findall(shown))))


def require_version() -> Version:
    """Return what `If-Match` says; raises VersionMissingError."""
    version = read_version()
    if version is None:
        raise VersionMissingError(
            "say which version is meant", hint='Send its ETag as If-Match, or "If-Match: *" for whichever it is.'
        )
    return version


def read_query(schema: Schema, schemas: Schemas) -> dict[str, Any]:
    """Return the parameters of the address; raises InputError."""
    fields = schemas.resolve(schema)["properties"]
    faults = {name: "This stands there twice." for name, values in request.args.lists() if len(values) > 1}
    given = {name: _of_text(value, fields.get(name, {})) for name, value in request.args.items()}
    return _checked(given, schema, schemas, faults)


def read_body(schema: Schema, schemas: Schemas, *, text_field: str = "") -> dict[str, Any]:
    """Return the JSON that was sent; a Markdown text stands for an object with that text in `text_field`.

    Raises InputError, and BadRequest or UnsupportedMediaType for what is no JSON at all.
    """
    request.max_content_length = min(request.max_content_length or MOST_BYTES, MOST_BYTES)
    if text_field and request.mimetype == "text/markdown":
        return _checked({text_field: _decoded(request.get_data())}, schema, schemas, {})
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
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
    try:
        value = json.loads(
            data, parse_constant=_no_number, parse_float=_number, object_pairs_hook=_object_of_different_names
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    if _depth(value) > MOST_DEPTH:
        raise InputError({"": f"This is nested more than {MOST_DEPTH} levels deep."})
    return value


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
    raise ValueError(f"{word} is no JSON")


def _object_of_different_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _checked(given: Any, schema: Schema, schemas: Schemas, faults: dict[str, str]) -> dict[str, Any]:
    faults = find_faults(given, schema, schemas) | faults
    if faults:
        raise InputError(faults)
    checked: dict[str, Any] = given
    return checked
