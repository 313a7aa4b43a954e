"""What front matter says that an entry cannot have: told in the report, never left out in silence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from homeport.exchange.dates import is_zero_date
from homeport.exchange.fields import MAX_ITEMS, MAX_TEXT, Fields, is_text, name_of, scalar
from homeport.exchange.keys import (
    AUTHOR_KEYS,
    CANONICAL_KEYS,
    COVER_KEYS,
    DATE_KEYS,
    DESCRIPTION_KEYS,
    FEED_ID_KEYS,
    FORMER_ADDRESS_KEYS,
    LANGUAGE_KEYS,
    LINK_KEYS,
    MAX_SLUG,
    MAX_TITLE,
    POSITION_KEYS,
    SERIES_KEYS,
    TAG_KEYS,
    UPDATE_KEYS,
)
from homeport.exchange.notices import Notice, shorten
from homeport.exchange.post import ImportedPost
from homeport.text.slugs import slugify

SHOWN = 60
TEXTS: Sequence[tuple[str, tuple[str, ...], int]] = (
    ("title", ("title",), MAX_TITLE),
    ("subtitle", ("subtitle",), MAX_TEXT),
    ("description", DESCRIPTION_KEYS, MAX_TEXT),
    ("slug", ("slug",), MAX_SLUG),
    ("feed id", FEED_ID_KEYS, MAX_TEXT),
    ("canonical address", CANONICAL_KEYS, MAX_TEXT),
    ("link", LINK_KEYS, MAX_TEXT),
    ("language", LANGUAGE_KEYS, MAX_TEXT),
)
NAMES = (("tag", TAG_KEYS), ("author", AUTHOR_KEYS), ("series", SERIES_KEYS))


@dataclass(frozen=True, slots=True)
class Losses:
    """The front matter of one text beside the entry it became."""

    fields: Fields
    post: ImportedPost

    def notices(self) -> Iterator[Notice]:
        """Yield a sentence for everything that was left out or cut."""
        for keys, sentence in self._all():
            yield Notice(self.post.path, self.fields.line_of(*keys), sentence)

    def _all(self) -> Iterator[tuple[tuple[str, ...], str]]:
        for what, keys, longest in TEXTS:
            yield from ((keys, sentence) for sentence in self._text(what, keys, longest))
        for what, keys in NAMES:
            yield from ((keys, sentence) for sentence in self._names(what, keys))
        yield from self._unusable()
        yield from self._dates()
        for value in self.fields.values(*FORMER_ADDRESS_KEYS):
            if any(not scalar(item) for item in _items(value)):
                yield FORMER_ADDRESS_KEYS, "a former address is not a text; it is left out"

    def _text(self, what: str, keys: tuple[str, ...], longest: int) -> Iterator[str]:
        values = list(self.fields.values(*keys))
        texts = [" ".join(str(value).split()) for value in values if is_text(value)]
        if values and not texts:
            yield f"the {what} is left out: it is {_form_of(values[0])}"
        elif texts and len(texts[0]) > longest:
            yield f"the {what} has {len(texts[0]):,} characters; the first {longest} are taken"

    def _names(self, what: str, keys: tuple[str, ...]) -> Iterator[str]:
        items = [item for value in self.fields.values(*keys) for item in _items(value) if item not in (None, "")]
        for item in items:
            name = scalar(name_of(item))
            if not name:
                yield f"a {what} is left out: it is {_form_of(item)}"
            elif not slugify(name):
                yield f"the {what} {shorten(name, SHOWN)!r} has no letter or digit and is left out"
        most = 1 if what == "series" else MAX_ITEMS
        if len(items) > most:
            yield f"there are {len(items)} names of {what}; only {most} can be taken"

    def _unusable(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield what is written in a form that cannot be used; an entry has one of each."""
        post, written = self.post, self.fields.text(*LANGUAGE_KEYS).replace("_", "-")
        if not post.canonical_url and (address := self.fields.text(*CANONICAL_KEYS)):
            yield CANONICAL_KEYS, f"the canonical address {_shown(address)} is no full web address and left out"
        if not post.link_url and (address := self.fields.text(*LINK_KEYS)):
            yield LINK_KEYS, f"the link {_shown(address)} is no full web address and left out"
        if written and written != post.language:
            yield LANGUAGE_KEYS, f"{_shown(written)} is no language code and left out"
        if post.series_position is None and (value := self.fields.value(*POSITION_KEYS)) is not None:
            yield POSITION_KEYS, f"the place in the series, {_shown(value)}, is no whole number and left out"
        if not post.cover and isinstance(value := self.fields.value(*COVER_KEYS), list | bool):
            yield COVER_KEYS, f"the cover is left out: it is {_form_of(value)}"

    def _dates(self) -> Iterator[tuple[tuple[str, ...], str]]:
        for key in (*DATE_KEYS, *UPDATE_KEYS):
            if any(is_zero_date(value) for value in self.fields.values(key)):
                yield (key,), f"{key}: a date in the year 1 stands for none"


def _shown(value: object) -> str:
    return repr(shorten(scalar(value) or _form_of(value), SHOWN))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else re.split(r"[,;\n]", scalar(value)) if scalar(value) else [value]


def _form_of(value: object) -> str:
    if isinstance(value, bool):
        return f"{str(value).lower()} and not a text (quotes make one of it)"
    return "a table and not a text" if isinstance(value, dict) else "a list and not a text"
