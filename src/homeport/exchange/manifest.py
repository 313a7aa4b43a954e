"""What an export says about a site beside its files, read back with the distrust that any file deserves."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from homeport.blog.models import KINDS, STATES
from homeport.errors import InvalidError
from homeport.exchange.contents import ENTRY_COLUMNS, SITE_COLUMNS
from homeport.exchange.exporter import VERSION
from homeport.exchange.layout import MANIFEST
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.tree import Tree, printable
from homeport.text.slugs import is_slug

MAX_MANIFEST_BYTES = 2**30
MOMENTS = frozenset({"published_at", "updated_at", "created_at", "modified_at"})
OPTIONAL = frozenset({"feed_id", "title", "published_at", "updated_at", "series", "cover", "translation_of"})

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DescribedEntry:
    """An entry as the manifest describes it; `columns` have the types of the table."""

    file: str
    digest: str
    content_digest: str
    front_matter_length: int
    front_matter_digest: str
    has_made_up_front_matter: bool
    columns: dict[str, Any]
    series: str
    cover: str
    translation_of: UUID | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    imported_as: tuple[str, str, str] | None
    references: tuple[Facts, ...]
    revisions: tuple[dict[str, Any], ...]

    @property
    def public_id(self) -> UUID:
        """The id by which the entry is known on every site that it moves to."""
        public_id: UUID = self.columns["public_id"]
        return public_id


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest whose outer shape is right; each part is checked when it is asked for."""

    facts: Facts

    @property
    def site(self) -> dict[str, Any]:
        """The site's settings by name; those that this release does not know are left out."""
        return {name: value for name, value in _table(self.facts["site"]).items() if name in SITE_COLUMNS}

    def rows(self, name: str) -> Iterator[Facts]:
        """Yield the tables of a list such as `authors` or `redirects`; what is none counts as an empty one."""
        return (row if isinstance(row, dict) else {} for row in self.facts[name])

    def conversation(self, name: str) -> Iterator[Facts]:
        """Yield the tables of a list that older exports do not have."""
        given = self.facts.get(name, [])
        return (row for row in given if isinstance(row, dict)) if isinstance(given, list) else iter(())

    def entries(self) -> Iterator[tuple[str, DescribedEntry | FileRefusedError]]:
        """Yield the file of every entry with its description, or with what is wrong with that."""
        for given in self.rows("entries"):
            try:
                yield given["file"], _entry(given)
            except (ValueError, KeyError) as error:
                file = printable(str(given.get("file") or MANIFEST))
                yield file, FileRefusedError(f"{MANIFEST} describes it wrongly: {error}")


def read_manifest(tree: Tree) -> Manifest:
    """Return the manifest of an export.

    Raises InvalidError when it is none that this release can read.
    """
    try:
        facts = json.loads(tree.read(MANIFEST, MAX_MANIFEST_BYTES))
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"{MANIFEST} cannot be read: {error}") from error
    if not isinstance(facts, dict) or facts.get("homeport_export") != VERSION:
        raise InvalidError(
            f"{MANIFEST} is no export that this release can read", hint="--format plain takes the texts."
        )
    parts = ("permalink_patterns", "authors", "tags", "series", "redirects", "gone", "media", "entries")
    if not isinstance(facts.get("site"), dict) or not all(isinstance(facts.get(part), list) for part in parts):
        raise InvalidError(f"{MANIFEST} is not whole", hint="Export again, or import with --format plain.")
    return Manifest(facts)


def text_of(value: Any) -> str:
    """Return a text that the database takes; raises ValueError for anything else."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(f"{str(value)[:40]!r} is not a text")
    value.encode()
    return value


def _entry(given: Facts) -> DescribedEntry:
    front_matter = _table(given["front_matter"])
    imported_as = given["imported_as"]
    return DescribedEntry(
        file=text_of(given["file"]),
        digest=text_of(given["digest"]),
        content_digest=text_of(given["content_digest"]),
        front_matter_length=_number(front_matter["length"]),
        front_matter_digest=text_of(front_matter["digest"]),
        has_made_up_front_matter=front_matter["is_made_up"] is True,
        columns=_columns(given),
        series=text_of(given["series"] or ""),
        cover=text_of(given["cover"] or ""),
        translation_of=UUID(given["translation_of"]) if given["translation_of"] else None,
        authors=tuple(text_of(slug) for slug in list_of(given["authors"])),
        tags=tuple(text_of(slug) for slug in list_of(given["tags"])),
        imported_as=_three(imported_as) if imported_as else None,
        references=tuple(_table(each) for each in list_of(given["references"])),
        revisions=tuple(_revision(_table(each)) for each in list_of(given["revisions"])),
    )


def _columns(given: Facts) -> dict[str, Any]:
    columns = {name: _column(name)(given[name]) for name in ENTRY_COLUMNS if name != "comments_open"}
    columns["comments_open"] = switch_of(given.get("comments_open"))
    if columns["kind"] not in KINDS or columns["state"] not in STATES:
        raise ValueError("the kind or the state is not one of ours")
    if not is_slug(columns["slug"]):
        raise ValueError("the slug is none")
    return columns


def _column(name: str) -> Callable[[Any], Any]:
    if name == "public_id":
        return lambda value: UUID(text_of(value))
    if name == "series_position":
        return lambda value: None if value is None else _number(value)
    check: Callable[[Any], Any] = moment_of if name in MOMENTS else text_of
    return (lambda value: None if value is None else check(value)) if name in OPTIONAL else check


def _revision(given: Facts) -> dict[str, Any]:
    title = None if given["title"] is None else text_of(given["title"])
    texts = {name: text_of(given[name]) for name in ("front_matter", "source", "reason")}
    was_public = given.get("is_public") is True
    return {"title": title, **texts, "is_public": was_public, "created_at": moment_of(given["created_at"])}


def moment_of(value: Any) -> datetime:
    """Return a moment with its zone; raises ValueError for anything else."""
    moment = datetime.fromisoformat(text_of(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return moment


def switch_of(value: Any) -> bool | None:
    """Return what was decided, or None where nothing was; raises ValueError for anything else."""
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{str(value)[:40]!r} is neither true nor false")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError(f"{str(value)[:40]!r} is not a number that fits")
    return value


def _three(value: Any) -> tuple[str, str, str]:
    label, path, digest = (text_of(each) for each in list_of(value))
    return label, path, digest


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("something that should be a table is none")  # noqa: TRY004 - one error for every wrong value
    return value


def list_of(value: Any) -> list[Any]:
    """Return a list; raises ValueError for anything else."""
    if not isinstance(value, list):
        raise ValueError("something that should be a list is none")  # noqa: TRY004 - one error for every wrong value
    return value
