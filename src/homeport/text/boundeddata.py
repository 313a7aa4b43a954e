"""Readers of YAML, TOML and JSON for files nobody vouches for: no objects, no bombs, no duplicate keys."""

import json
import re
import tomllib
from typing import Any

import yaml

# What authors write takes a few hundred bytes; these bounds keep a hostile file from costing more than a post.
MAX_LENGTH = 131_072
MAX_DEPTH = 20
MAX_VALUES = 10_000


class DataError(Exception):
    """Data can't be read; `line` counts from 1 within it, 0 when the fault has no place."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


_TIMESTAMP = re.compile(
    r"""(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)
    (?:(?:[Tt]|[ \t]+)(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d*))?
    (?:[ \t]*(?P<tz>Z|(?P<tz_sign>[-+])(?P<tz_hour>\d\d?)(?::?(?P<tz_minute>\d\d))?))?)?\Z""",
    re.VERBOSE | re.ASCII,
)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?\Z")

_CORE = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(
    _CORE + name for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge")
)


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader, without base-60 numbers and octals, and with the time zones Jekyll writes."""

    timestamp_regexp = _TIMESTAMP
    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML declares it as its instances')
        first: [
            (tag, {"int": _INTEGER, "float": _FLOAT, "timestamp": _TIMESTAMP}.get(tag.removeprefix(_CORE), pattern))
            for tag, pattern in resolvers
        ]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def load_yaml(text: str) -> Any:
    """Read one YAML document."""
    try:
        _check_events(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return {}
            _NodeCheck(loader).size_of(node)
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise DataError(error.problem or "not valid YAML", _line(mark)) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise DataError(str(error).partition("\n")[0]) from error


def _check_events(text: str) -> None:
    """Refuse deep nesting before anything recurses over it."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > MAX_DEPTH:
            raise DataError(f"nested deeper than {MAX_DEPTH} levels", _line(event.start_mark))
        if count > 2 * MAX_VALUES:
            raise DataError(f"more than {MAX_VALUES} values", _line(event.start_mark))


def _line(mark: Any) -> int:
    return mark.line + 1 if mark is not None else 0


class _NodeCheck:
    """Refuses tags, duplicate keys, values out of range and aliases that unfold to too much."""

    def __init__(self, loader: _Loader) -> None:
        self._loader = loader
        self._sizes: dict[int, int] = {}
        self._inside: set[int] = set()

    def size_of(self, node: yaml.Node) -> int:
        """Return how many values a node unfolds to."""
        if id(node) in self._sizes:
            return self._sizes[id(node)]
        line = _line(node.start_mark)
        if node.tag not in _KNOWN_TAGS:
            raise DataError(f"the tag {node.tag.replace(_CORE, '!!')} is not accepted", line)
        if id(node) in self._inside:
            raise DataError("an alias leads to itself", line)
        self._inside.add(id(node))
        size = 1 + sum(self.size_of(part) for part in self._parts(node, line))
        self._inside.discard(id(node))
        if size > MAX_VALUES:
            raise DataError(f"its aliases unfold to more than {MAX_VALUES} values", line)
        self._sizes[id(node)] = size
        return size

    def _parts(self, node: yaml.Node, line: int) -> list[yaml.Node]:
        if isinstance(node, yaml.MappingNode):
            _check_keys(node)
            return [value for _, value in node.value]
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if node.tag == _CORE + "timestamp" and not _TIMESTAMP.match(node.value):
            raise DataError("not a date", line)
        try:
            self._loader.construct_object(node)
        except (ValueError, OverflowError) as error:
            # Of an offset Python says what is wrong with its own objects.
            reason = f"{node.value[:40]!r} is further from UTC than any place"
            raise DataError(reason if "timedelta" in str(error) else str(error), line) from error
        return []


def _check_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        line = _line(key.start_mark)
        if not isinstance(key, yaml.ScalarNode) or key.tag not in _KNOWN_TAGS:
            raise DataError("a key must be a word", line)
        if key.value in seen:
            raise DataError(f"the key {key.value!r} is there twice", line)
        seen.add(key.value)
        if key.tag != _CORE + "merge":
            key.tag = _CORE + "str"


_TOML_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


def load_toml(text: str) -> dict[str, Any]:
    """Read a TOML document."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _TOML_PLACE.search(message)
        raise DataError(_TOML_PLACE.sub("", message), int(place.group(1)) if place else 0) from error
    except (RecursionError, ValueError) as error:
        raise DataError("nested too deeply or a number out of range") from error
    _check_shape(data)
    return data


def load_json(text: str, start: int) -> tuple[dict[str, Any], int]:
    """Read a JSON object from a position on; return it and where it ends."""
    decoder = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    try:
        data, end = decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise DataError(error.msg, error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise DataError("nested too deeply or a number out of range") from error
    if not isinstance(data, dict):
        raise DataError("not an object", 1)
    _check_shape(data)
    return data, end


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            raise DataError(f"the key {key!r} is there twice")
        data[key] = value
    return data


def _refuse_constant(name: str) -> Any:
    raise DataError(f"{name} is not a number")


def _check_shape(data: Any) -> None:
    """Refuse what is nested too deeply or holds too much, without recursing over it."""
    count = 0
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH + 1):
        count += len(level)
        if count > MAX_VALUES:
            raise DataError(f"more than {MAX_VALUES} values")
        following: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                following.extend(value.values())
            elif isinstance(value, list):
                following.extend(value)
        if not following:
            return
        level = following
    raise DataError(f"nested deeper than {MAX_DEPTH} levels")
