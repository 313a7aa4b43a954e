"""Where an address of the past leads now, in one statement: redirects, former patterns, what is gone."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, bindparam, case, func, literal, null, select, union_all

from homeport.blog.models import Entry, Series, Tag
from homeport.blog.queries.cards import IS_LIVE
from homeport.site.models import Gone, PermalinkPattern, Redirect
from homeport.site.permalinks import slug_of
from homeport.site.queries import other_spelling

MOST_SEGMENTS = 8
"""An address with more segments than this was made by no pattern."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a path that no live entry has: where it leads, or that it is gone, or nothing."""

    target: str = ""
    is_gone: bool = False


_SPELLINGS: list[Any] = [bindparam("path"), bindparam("other")]
_NOTHING = null()
_TAGS, _SERIES = literal("/tags/", Text), literal("/series/", Text)


@cache
def _target() -> ColumnElement[Any]:
    """Return where a redirect leads; nowhere while its entry is not public."""
    to_entry = select(Entry.path).where(Entry.id == Redirect.entry_id, IS_LIVE).correlate(Redirect).scalar_subquery()
    to_tag = select(_TAGS + Tag.slug).where(Tag.id == Redirect.tag_id).correlate(Redirect).scalar_subquery()
    to_series = (
        select(_SERIES + Series.slug).where(Series.id == Redirect.series_id).correlate(Redirect).scalar_subquery()
    )
    return func.coalesce(Redirect.target, to_entry, to_tag, to_series)


@cache
def _past() -> Any:
    return union_all(
        select(
            literal("redirect").label("kind"),
            _target().label("target"),
            _NOTHING.label("slug"),
            case((Redirect.path == bindparam("path"), 0), else_=1).label("distance"),
        ).where(Redirect.path.in_(_SPELLINGS)),
        select(literal("gone"), _NOTHING, _NOTHING, literal(0)).where(Gone.path.in_(_SPELLINGS)),
        select(literal("pattern"), PermalinkPattern.pattern, _NOTHING, literal(0)),
        select(literal("entry"), Entry.path, Entry.slug, literal(0)).where(
            Entry.slug.in_(bindparam("slugs", expanding=True)), Entry.kind != "page", IS_LIVE
        ),
    ).order_by("distance")


def find_past(connection: Connection, path: str) -> Past:
    """Return what is known of a path that leads to no live entry.

    Redirects come first, then addresses that a former pattern would have made, then what is gone.
    """
    parameters = {"path": path, "other": other_spelling(path), "slugs": _possible_slugs(path)}
    rows = connection.execute(_past(), parameters).all()
    for row in rows:
        if row.kind == "redirect" and row.target:
            return Past(target=row.target)
    entries = {row.slug: row.target for row in rows if row.kind == "entry"}
    for row in rows:
        slug = slug_of(row.target, path) if row.kind == "pattern" else None
        if slug in entries:
            return Past(target=entries[slug])
    return Past(is_gone=any(row.kind == "gone" for row in rows))


@cache
def _all_redirects() -> Select[Any, Any]:
    return select(Redirect.path, func.coalesce(_target(), "").label("target")).order_by(Redirect.path)


def list_redirects(connection: Connection) -> list[tuple[str, str]]:
    """Return all paths that lead elsewhere, and where; to nowhere as long as their entry is not public."""
    return [(row.path, row.target) for row in connection.execute(_all_redirects())]


def _possible_slugs(path: str) -> list[str]:
    """Return what could be a slug in a path: each segment, whole and without an ending such as .html."""
    segments = [segment for segment in path.split("/") if segment][:MOST_SEGMENTS]
    return [*segments, *(segment.rpartition(".")[0] for segment in segments if "." in segment)]
