"""What an imported entry's front matter states, kept in line with what is decided in the studio.

The columns win. Front matter stays byte for byte until something that it states is decided otherwise; then that line
says what the column says, so that the text is still the whole truth when it is exported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeport.blog.fields import EntryFields
from homeport.blog.models import Entry

KEYS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "subtitle": ("subtitle",),
    "kind": ("kind", "type"),
    "slug": ("slug",),
    "tags": ("tags", "tag", "categories", "category", "keywords"),
    "series": ("series",),
    "series_position": ("series_position", "series_index", "series_order", "part"),
    "description": ("description", "summary", "excerpt"),
    "language": ("language", "lang", "locale"),
    "canonical_url": ("canonical_url", "canonical"),
    "link_url": ("link_url", "external_url", "link"),
    "authors": ("authors", "author"),
    "cover_alt": ("cover_alt", "image_alt"),
    "comments_open": ("comments",),
    "published_at": ("published_at", "publish_date", "pub_date", "date", "published_on"),
}
"""The words of all tools that are understood for each field, the usual one first."""

DRAFT, STATE = ("draft",), ("state", "status")


def restate_fields(front_matter: str, before: EntryFields, after: EntryFields) -> str:
    """Return front matter that says what changed between two sets of fields, where it said anything about it."""
    changed = {
        keys: _value(getattr(after, name))
        for name, keys in KEYS.items()
        if getattr(after, name) != getattr(before, name)
    }
    return _restated(front_matter, changed)


@dataclass(frozen=True, slots=True)
class Publication:
    """Whether and when an entry is public."""

    state: str
    published_at: datetime | None

    @classmethod
    def of(cls, entry: Entry) -> "Publication":
        """Return what is so at the moment."""
        return cls(entry.state, entry.published_at)


def restate_publication(front_matter: str, before: Publication, after: Publication) -> str:
    """Return front matter that says what changed about a publication, where it said anything about it."""
    changes: dict[tuple[str, ...], Any] = {}
    if after.state != before.state:
        changes |= {DRAFT: after.state == "draft", STATE: after.state}
    if after.published_at != before.published_at:
        changes[KEYS["published_at"]] = _value(after.published_at)
    return _restated(front_matter, changes)


def _restated(front_matter: str, changes: Mapping[tuple[str, ...], Any]) -> str:
    if not front_matter or not changes:
        return front_matter
    # What reads YAML and TOML is loaded by who writes, not at every start.
    from homeport.text.restating import restate  # noqa: PLC0415

    return restate(front_matter, changes)


def _value(value: Any) -> Any:
    return value.replace(microsecond=0) if isinstance(value, datetime) else value
