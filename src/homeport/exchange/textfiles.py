"""Turns a text file into an entry, and an edited file into exactly the changes that its author made."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from homeport.blog.actions import AuthorInput, EntryInput
from homeport.blog.targets import find_targets
from homeport.errors import InvalidError
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.readers import ReadFile, read_file
from homeport.text.frontmatter import split

DESCRIBED = (
    "subtitle",
    "published_at",
    "updated_at",
    "language",
    "canonical_url",
    "link_url",
    "description",
    "authors",
    "tags",
    "series",
    "series_position",
    "cover_alt",
    "comments_open",
)
EDITABLE = ("kind", "title", "slug", "state", *DESCRIBED)


def read_text(name: str, data: bytes, zone: ZoneInfo) -> ReadFile:
    """Read a text and its front matter.

    Raises InvalidError that names the line.
    """
    try:
        return read_plain(name, data, zone)
    except FileRefusedError as error:
        place = f"{name}:{error.line}" if error.line else name
        raise InvalidError(f"{place}: {error}") from error


def read_plain(name: str, data: bytes, zone: ZoneInfo) -> ReadFile:
    """Do the same for who has another way to name the line.

    Raises FileRefusedError.
    """
    return read_file(name, data, Origin(Dialect.PLAIN), zone, None)


def as_input(session: Session, text: ReadFile, **decided: Any) -> EntryInput:
    """Return the entry that a text describes, where nothing else was `decided`."""
    described = {name: getattr(text.post, name) for name in (*DESCRIBED, "title")}
    # A slug that only the file's name suggests is left to the title.
    if "slug" in split(text.front_matter).data:
        described["slug"] = text.post.slug
    values = {**described, **decided}
    values["authors"] = tuple(AuthorInput(name) for name in values["authors"])
    targets = find_targets(session, text.source)
    return EntryInput(source=text.source, front_matter=text.front_matter, targets=targets, **values)


def with_changes(session: Session, given: EntryInput, before: ReadFile, after: ReadFile) -> EntryInput:
    """Return the input with what differs between two states of its file.

    What the front matter says on both sides is left alone: it may have been decided otherwise since it was written.
    """
    changes = {
        name: getattr(after.post, name) for name in EDITABLE if getattr(after.post, name) != getattr(before.post, name)
    }
    # A heading stands for the title only as long as nobody has given the entry another one.
    if before.front_matter == after.front_matter and given.title != before.post.title:
        changes.pop("title", None)
    if "authors" in changes:
        changes["authors"] = tuple(AuthorInput(name) for name in changes["authors"])
    targets = {**find_targets(session, after.source), **given.targets}
    return replace(given, front_matter=after.front_matter, source=after.source, targets=targets, **changes)
