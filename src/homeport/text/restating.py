"""Changes what front matter states and leaves every other byte of it as its author wrote it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from homeport.text.frontmatter import FrontMatter, FrontMatterError, split

Value = str | int | bool | datetime | Sequence[str] | None

NESTS = ("extra", "params", "taxonomies", "homeport")
"""Tables that tools keep an author's own keys in."""

_KEY = re.compile(r"(?m)^(?:\"([^\"\n]+)\"|'([^'\n]+)'|([\w][\w .-]*?))[ \t]*:(?=\s|$)")
_BELONGS = re.compile(r"[ \t]+\S|-(?:\s|$)")
_SEPARATORS = re.compile(r"[_\-. ]")


class _Unclear(Exception):  # noqa: N818 - never leaves this module
    """The text says it in a way that cannot be changed in place."""


def restate(front_matter: str, changes: Mapping[tuple[str, ...], Value]) -> str:
    """Return front matter that states the new values wherever it stated one before.

    Each change names the keys that mean it, the usual one first: the first of them that is there gets the value, the
    others go. What the front matter does not mention stays unmentioned. YAML is changed line by line; where that
    would be unsafe, and in TOML and JSON, the block is written anew as YAML with everything that it said.
    """
    try:
        found = split(front_matter)
    except FrontMatterError:
        return front_matter
    if not found.block:
        return _with_plain_lines(front_matter, changes)
    wanted = _wanted(found.data, changes)
    if wanted == found.data:
        return front_matter
    ending = "\r\n" if "\r\n" in found.block else "\n"
    try:
        changed = _in_place(found, wanted)
    except _Unclear:
        changed = f"---\n{_dump(wanted)}---\n"
    return re.sub(r"\r?\n", ending, changed) if ending == "\r\n" else changed


def _wanted(data: Mapping[str, Any], changes: Mapping[tuple[str, ...], Value]) -> dict[str, Any]:
    """Return the data as it should be: only what was stated is changed."""
    wanted = {key: dict(value) if isinstance(value, dict) else value for key, value in data.items()}
    levels = [wanted, *(wanted[key] for key in data if _plain(key) in NESTS and isinstance(data[key], dict))]
    for keys, value in changes.items():
        places = [(level, key) for name in keys for level in levels for key in level if _plain(key) == _plain(name)]
        for number, (level, key) in enumerate(dict.fromkeys((id(level), key) for level, key in places)):
            owner = next(each for each in levels if id(each) == level)
            if number or value in (None, "", (), []):
                del owner[key]
            else:
                owner[key] = _as_written(value, owner[key])
    return wanted


def _as_written(value: Value, before: Any) -> Any:
    """Return the value in the form that the text had: one author is a word, several are a list."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        names = list(value)
        return names[0] if len(names) == 1 and isinstance(before, str) and "," not in before else names
    return value


def _in_place(found: FrontMatter, wanted: Mapping[str, Any]) -> str:
    """Exchange the lines of what changed, and make sure that the block says exactly what is wanted."""
    if found.format != "yaml":
        raise _Unclear
    block = found.block.replace("\r\n", "\n")
    for key in found.data:
        if key not in wanted or wanted[key] != found.data[key]:
            start, end = _span(block, key)
            block = block[:start] + (_dump({key: wanted[key]}) if key in wanted else "") + block[end:]
    try:
        if split(block).data != split(f"---\n{_dump(wanted)}---\n").data:
            raise _Unclear
    except FrontMatterError as error:
        raise _Unclear from error
    return block


def _span(block: str, key: str) -> tuple[int, int]:
    """Return from where to where the lines of a key at the top reach."""
    for match in _KEY.finditer(block):
        if next(filter(None, match.groups())) != key:
            continue
        end = block.index("\n", match.end()) + 1 if "\n" in block[match.end() :] else len(block)
        while (line_end := block.find("\n", end)) >= 0 and _reaches(block, end):
            end = line_end + 1
        return match.start(), end
    raise _Unclear


def _reaches(block: str, start: int) -> bool:
    """Say whether a line, or after empty lines the next one with words, belongs to the key above it."""
    rest = re.compile(r"(?:[ \t]*\n)*").match(block, start)
    begin = rest.end() if rest else start
    return not block.startswith("---", begin) and _BELONGS.match(block, begin) is not None


def _dump(data: Mapping[str, Any]) -> str:
    # Only who changes front matter needs it.
    import yaml  # noqa: PLC0415

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, _data: Any) -> bool:
            return True

    Dumper.add_multi_representer(object, lambda dumper, value: dumper.represent_str(str(value)))
    return yaml.dump(dict(data), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000)


def _with_plain_lines(front_matter: str, changes: Mapping[tuple[str, ...], Value]) -> str:
    """Change lines such as `Title: A day`, which some tools have at the top without a fence."""
    known = {_plain(name): (name, value) for keys, value in changes.items() for name in keys}

    def changed(match: re.Match[str]) -> str:
        _, value = known.get(_plain(match[1]), ("", match[3]))
        if isinstance(value, Sequence) and not isinstance(value, str):
            value = ", ".join(value)
        moment = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
        return f"{match[1]}{match[2]}{'' if moment is None else moment}"

    return re.sub(r"(?m)^([A-Za-z][\w -]*?)(:[ \t]*)([^\r\n]*)", changed, front_matter)


def _plain(key: str) -> str:
    return _SEPARATORS.sub("", str(key)).lower()
