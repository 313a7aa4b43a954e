"""Tags and series as those who write see them: with the entries that readers do not see yet, drafts included."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from homeport.blog.models import Entry, EntryTag, Series, Tag, by_title
from homeport.blog.rows import COUNTED, counted

SUBJECTS_ON_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """A tag or a series, with the number of entries that have it; one more than the bound means at least so many."""

    kind: str
    slug: str
    title: str
    description: str
    count: int

    @property
    def shown_count(self) -> str:
        """Return how many entries have it, as pages say it."""
        return counted(self.count)


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """Some tags or series by title; those after the last one of them begin behind `after`, empty if there are none."""

    kind: str
    subjects: tuple[Subject, ...]
    after: str = ""


_OF: dict[str, type[Tag] | type[Series]] = {"tag": Tag, "series": Series}
KINDS = tuple(_OF)
_ENTRIES_OF = {
    "tag": select(literal(1)).where(EntryTag.tag_id == Tag.id),
    "series": select(literal(1)).where(Entry.series_id == Series.id, Entry.deleted_at.is_(None)),
}


def _subjects(kind: str, *, most: int | None = COUNTED + 1) -> Select[Any]:
    model = _OF[kind]
    some = _ENTRIES_OF[kind].limit(most).correlate(model).subquery("some")
    count = select(func.count()).select_from(some).scalar_subquery().label("count")
    columns: tuple[Any, ...] = (literal(kind).label("kind"), model.slug, model.title, model.description, count)
    return select(*columns).order_by(by_title(model.title), model.id)


def page_of_subjects(
    connection: Connection, kind: str, *, after: str = "", words: str = "", size: int = SUBJECTS_ON_A_PAGE
) -> SubjectPage:
    """Return the first tags or series by title, or those after the one with the slug `after`; one statement.

    `kind` is one of KINDS. With `words` only those whose title has them in it.
    """
    model = _OF[kind]
    statement = _subjects(kind).limit(size + 1)
    if words:
        statement = statement.where(model.title.icontains(words, autoescape=True))
    if after:
        last = aliased(model)
        place = select(by_title(last.title), last.id).where(last.slug == bindparam("after", after)).scalar_subquery()
        statement = statement.where(tuple_(by_title(model.title), model.id) > place)
    found = [Subject(**row) for row in connection.execute(statement).mappings()]
    return SubjectPage(kind, tuple(found[:size]), after=found[size - 1].slug if len(found) > size else "")


def find_subject(connection: Connection, kind: str, slug: str) -> Subject | None:
    """Return a tag or a series, counted exactly."""
    statement = _subjects(kind, most=None).where(_OF[kind].slug == slug)
    row = connection.execute(statement).mappings().one_or_none()
    return Subject(**row) if row else None


def list_subjects(connection: Connection, kind: str) -> tuple[Subject, ...]:
    """Return all tags or all series by title, counted exactly: not for a page."""
    return tuple(Subject(**row) for row in connection.execute(_subjects(kind, most=None)).mappings())
