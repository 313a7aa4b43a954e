"""Looking values up in front matter, however a tool spells the key and whatever type it gives the value."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from homeport.exchange.notices import FileRefusedError

MAX_TEXT = 2000
MAX_ITEMS = 100
NESTS = ("extra", "params", "taxonomies", "homeport")
"""Tables that tools keep an author's own keys in; a key is looked for at the top first, then in these."""

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SEPARATORS = re.compile(r"[_\-. ]")


class Fields:
    """A front matter's values by key: case, hyphens and underscores make no difference, as in most tools."""

    def __init__(self, data: Mapping[str, Any], block: str) -> None:
        self._block = block
        top = _by_plain_key(data)
        levels = [top, *(_by_plain_key(nest) for name in NESTS if isinstance(nest := top.get(name), dict))]
        self._values: dict[str, list[Any]] = {}
        for level in levels:
            for key, value in level.items():
                if value not in (None, "", [], {}):
                    self._values.setdefault(key, []).append(value)

    def value(self, *keys: str) -> Any:
        """Return the first value that is set under one of `keys`, or None."""
        return next(self.values(*keys), None)

    def values(self, *keys: str) -> Iterator[Any]:
        """Yield every value that is set under one of `keys`, in the order of the keys."""
        for key in keys:
            yield from self._values.get(_plain(key), ())

    def text(self, *keys: str) -> str:
        """Return the first value that is one line of text, or an empty string."""
        for value in self.values(*keys):
            if is_text(value):
                return self._clean(value, keys)
        return ""

    def items(self, *keys: str, separator: str = ",") -> tuple[str, ...]:
        """Return the texts under all of `keys`, each once: lists as they are, a text split at `separator`."""
        found: dict[str, None] = {}
        for value in self.values(*keys):
            for item in value[:MAX_ITEMS] if isinstance(value, list) else re.split(separator, scalar(name_of(value))):
                text = self._clean(name_of(item), keys)
                if text:
                    found.setdefault(text)
        return tuple(found)[:MAX_ITEMS]

    def flag(self, *keys: str) -> bool | None:
        """Return the first value that is clearly true or false, or None."""
        for value in self.values(*keys):
            word = scalar(value).strip().lower()
            if word in _TRUE | _FALSE:
                return word in _TRUE
        return None

    def number(self, *keys: str) -> int | None:
        """Return the first value that is a whole number a small column can hold, or None."""
        for value in self.values(*keys):
            if re.fullmatch(r"[0-9]{1,6}", scalar(value)):
                return int(value)
        return None

    def table(self, key: str) -> "Fields":
        """Return the values of a table inside the front matter; empty when there is none."""
        value = self.value(key)
        return Fields(value, self._block) if isinstance(value, dict) else _NOTHING

    def line_of(self, *keys: str) -> int | None:
        """Return the line of the file on which one of `keys` stands, if it can be told."""
        for key in keys:
            spelling = "[_-]?".join(map(re.escape, _SEPARATORS.split(key)))
            if match := re.search(rf"(?im)^[ \t]*[\"']?{spelling}[\"']?[ \t]*[:=]", self._block):
                return self._block.count("\n", 0, match.start()) + 1
        return None

    def _clean(self, value: object, keys: tuple[str, ...]) -> str:
        # Only a value that is refused has its line looked for.
        try:
            return clean(scalar(value))
        except FileRefusedError as error:
            raise FileRefusedError(str(error), line=self.line_of(*keys)) from None


def is_text(value: object) -> bool:
    """Say whether a value can be read as one line of text: YAML makes numbers and dates of some titles."""
    return isinstance(value, str | int | float | date) and not isinstance(value, bool)


def scalar(value: object) -> str:
    """Return a single value as text and anything with parts as nothing.

    A list or table is never turned into text: YAML's anchors make small files that would become gigabytes.
    """
    if isinstance(value, str | float | date) or (isinstance(value, int) and abs(value) < 10**18):
        return str(value)
    return ""


def name_of(item: object) -> object:
    """Return the name in a table such as `{name = "Jane", email = "…"}`, and anything else as it is."""
    return item.get("name") or item.get("title") or "" if isinstance(item, dict) else item


def clean(text: str) -> str:
    """Return a text as one line that the database takes.

    Raises FileRefusedError for zero bytes and half characters, which escapes in YAML and JSON can smuggle in.
    """
    text = " ".join(text[: 4 * MAX_TEXT].split())
    if _UNSTORABLE.search(text):
        raise FileRefusedError("the front matter has characters that cannot be stored")
    return text[:MAX_TEXT]


def _by_plain_key(data: Mapping[str, Any]) -> dict[str, Any]:
    return {_plain(str(key)): value for key, value in reversed(list(data.items()))}


@lru_cache(maxsize=1024)
def _plain(key: str) -> str:
    return _SEPARATORS.sub("", key).lower()


_NOTHING = Fields({}, "")
