"""What a Python type looks like as JSON Schema: the one source of what is taken, and of what the document says."""

from collections.abc import Mapping
from inspect import getdoc
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

Schema = dict[str, Any]
REFERENCE = "#/components/schemas/"

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Any: {},
}


class Limits:
    """What the type of a value alone does not say of it, in the keywords of JSON Schema; stands in `Annotated`."""

    def __init__(self, **keywords: Any) -> None:
        self.keywords = keywords


class Schemas:
    """Makes schemas and keeps those that have a name, each once.

    Objects that are taken are `closed`: what they do not name is refused. Those that are given may grow.
    """

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}
        self._kinds: dict[str, Any] = {}

    def of(self, kind: Any, *, is_closed: bool) -> Schema:
        """Return the schema of a type: plain ones, lists, tables, literals, unions, and typed dictionaries by name."""
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if is_typeddict(kind):
            return self._named(kind, is_closed=is_closed)
        origin, parts = get_origin(kind), get_args(kind)
        if origin is NotRequired:
            return self.of(parts[0], is_closed=is_closed)
        if origin is Annotated:
            return _annotated(self.of(parts[0], is_closed=is_closed), parts[1:])
        if origin is Literal:
            return {"type": "string", "enum": list(parts)}
        if origin is list:
            return {"type": "array", "items": self.of(parts[0], is_closed=is_closed)}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(parts[1], is_closed=is_closed)}
        if origin in (Union, UnionType):
            return _one_of([self.of(part, is_closed=is_closed) for part in parts])
        raise TypeError(f"{kind!r} has no place in the API")

    def resolve(self, schema: Schema) -> Schema:
        """Return the schema that a reference names, and any other as it is."""
        name = schema.get("$ref", "").removeprefix(REFERENCE)
        return self.named[name] if name else schema

    def _named(self, kind: Any, *, is_closed: bool) -> Schema:
        name: str = kind.__name__
        if self._kinds.setdefault(name, kind) is not kind:
            raise TypeError(f"two types of the API are called {name}")
        if name not in self.named:
            # Its place is taken first: an object may hold others of its own kind.
            self.named[name] = {}
            fields = get_type_hints(kind, include_extras=True)
            self.named[name] = {
                "type": "object",
                "description": getdoc(kind) or "",
                "properties": {field: self.of(part, is_closed=is_closed) for field, part in fields.items()},
                "required": [field for field in fields if field in kind.__required_keys__],
            }
        if is_closed:
            self.named[name]["additionalProperties"] = False
        return {"$ref": REFERENCE + name}


def _annotated(schema: Schema, limits: tuple[Limits, ...]) -> Schema:
    for each in limits:
        schema = schema | each.keywords
    return schema


def _one_of(schemas: list[Schema]) -> Schema:
    """Return the schema of a choice; that of a plain value or nothing stays one schema."""
    *others, last = schemas
    if last == {"type": "null"} and len(others) == 1 and isinstance(others[0].get("type"), str):
        only = others[0]
        known = {"enum": [*only["enum"], None]} if "enum" in only else {}
        return only | known | {"type": [only["type"], "null"]}
    return {"anyOf": schemas}
