"""Tags and series for programs: renamed, described, merged and taken away. They are made when an entry names them."""

from typing import Annotated, TypedDict

from homeport.accounts.permissions import Permission
from homeport.api.operations import Section
from homeport.api.schema import Limits
from homeport.api.words import Line, Name, Slug
from homeport.blog import taxonomy
from homeport.blog.queries import subjects
from homeport.errors import NotFoundError
from homeport.web.database import session

section = Section("Tags and series", "What entries have in common. Both are made when an entry first names them.")

Title = Annotated[str, Limits(minLength=1, maxLength=100, pattern="\\S", description="What readers see.")]


class Subject(TypedDict):
    """A tag or a series; `count` has its entries, those that readers do not see included."""

    slug: str
    title: str
    description: str
    count: int


class SubjectList(TypedDict):
    """All of them, by title."""

    items: list[Subject]


class TagChanges(TypedDict, total=False):
    """What becomes of a tag; the address of a former slug leads on."""

    slug: Annotated[Slug, Limits(minLength=1)]
    title: Title
    description: Line


class SeriesChanges(TypedDict, total=False):
    """What becomes of a series."""

    title: Title
    description: Line


class Merger(TypedDict):
    """The tag that stays."""

    into: Name


class Removed(TypedDict):
    """What is gone."""

    deleted: str


@section.operation("GET", "/tags", Permission.EDIT)
def list_tags() -> SubjectList:
    """List all tags."""
    return SubjectList(items=_all("tag"))


@section.operation("GET", "/tags/<slug>", Permission.EDIT)
def read_tag(slug: str) -> Subject:
    """Read a tag."""
    return _one("tag", slug)


@section.operation("PATCH", "/tags/<slug>", Permission.EDIT, refuses=(409,))
def change_tag(slug: str, body: TagChanges) -> Subject:
    """Rename or describe a tag; 409 when another has that slug already: merging may be what is meant."""
    wanted = body.get("slug", slug)
    taxonomy.rename_tag(session(), slug, wanted, body.get("title"))
    taxonomy.describe_tag(session(), wanted, description=body.get("description"))
    return _one("tag", wanted)


@section.operation("POST", "/tags/<slug>/merger", Permission.EDIT)
def merge_tag(slug: str, body: Merger) -> Subject:
    """Let every entry of a tag carry another instead; its address leads there."""
    taxonomy.merge_tags(session(), slug, body["into"])
    return _one("tag", body["into"])


@section.operation("DELETE", "/tags/<slug>", Permission.EDIT)
def delete_tag(slug: str) -> Removed:
    """Take a tag away from all its entries."""
    taxonomy.delete_tag(session(), slug)
    return Removed(deleted=slug)


@section.operation("GET", "/series", Permission.EDIT)
def list_series() -> SubjectList:
    """List all series."""
    return SubjectList(items=_all("series"))


@section.operation("GET", "/series/<slug>", Permission.EDIT)
def read_series(slug: str) -> Subject:
    """Read a series."""
    return _one("series", slug)


@section.operation("PATCH", "/series/<slug>", Permission.EDIT)
def change_series(slug: str, body: SeriesChanges) -> Subject:
    """Give a series another title or description."""
    taxonomy.describe_series(session(), slug, title=body.get("title"), description=body.get("description"))
    return _one("series", slug)


@section.operation("DELETE", "/series/<slug>", Permission.EDIT)
def delete_series(slug: str) -> Removed:
    """Take a series away; its entries stay."""
    taxonomy.delete_series(session(), slug)
    return Removed(deleted=slug)


def _all(kind: str) -> list[Subject]:
    # The session, because what this very request has changed shall be seen.
    return [_said(each) for each in subjects.list_subjects(session().connection(), kind)]


def _one(kind: str, slug: str) -> Subject:
    found = subjects.find_subject(session().connection(), kind, slug)
    if found is None:
        raise NotFoundError(f"there is no {kind} {slug!r}")
    return _said(found)


def _said(each: subjects.Subject) -> Subject:
    return Subject(slug=each.slug, title=each.title, description=each.description, count=each.count)
