"""Which paths of this site lead somewhere, for all the links of a text at once."""

from enum import Enum

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from homeport.accounts.models import Author
from homeport.blog.models import Entry, Series, Tag
from homeport.blog.queries.cards import IS_LIVE
from homeport.media.models import Media
from homeport.site.models import PermalinkPattern, Redirect
from homeport.site.permalinks import is_reserved, slug_of

WITH_SLUGS = ("tags", "series", "authors", "media")


class Life(Enum):
    """What is at a path."""

    NONE = "nothing"
    DRAFT = "something that readers cannot see"
    PUBLIC = "something to read"


def lives_of(session: Session, paths: set[str]) -> dict[str, Life]:
    """Return for each path what readers find there; five statements at the most."""
    rows = session.execute(
        select(Entry.path, IS_LIVE.label("is_live")).where(Entry.path.in_(paths), Entry.deleted_at.is_(None))
    )
    lives = {row.path: Life.PUBLIC if row.is_live else Life.DRAFT for row in rows if row.path}
    known = _known(session, paths - lives.keys())
    lives |= {path: Life.PUBLIC for path in paths - lives.keys() if _root(path) in known or _is_list(path)}
    lives |= dict.fromkeys(_by_former_pattern(session, paths - lives.keys()), Life.PUBLIC)
    return {path: lives.get(path, Life.NONE) for path in paths}


def _known(session: Session, paths: set[str]) -> set[str]:
    """Return what redirects, tags, series, authors and files there are among the paths."""
    names = {path.rstrip("/").rpartition("/")[2] for path in paths}
    hashes = {path.split("/")[2] for path in paths if path.startswith("/media/")}
    found = session.scalars(
        union_all(
            select(Redirect.path).where(Redirect.path.in_(paths | {path.rstrip("/") for path in paths})),
            select(literal("/tags/") + Tag.slug).where(Tag.slug.in_(names)),
            select(literal("/series/") + Series.slug).where(Series.slug.in_(names)),
            select(literal("/authors/") + Author.slug).where(Author.slug.in_(names)),
            select(literal("/media/") + Media.hash).where(Media.hash.in_(hashes)),
        )
    )
    return {path.rstrip("/") for path in found}


def _root(path: str) -> str:
    """Return the part of a path that says what it is: of a file's the hash, of all others the whole."""
    return "/".join(path.split("/")[:3]) if path.startswith("/media/") else path.rstrip("/")


def _is_list(path: str) -> bool:
    """Say whether the site itself answers at a path, whatever is written on it."""
    first, _, rest = path.strip("/").partition("/")
    return not first or (is_reserved(path) and (first not in WITH_SLUGS or not rest))


def _by_former_pattern(session: Session, paths: set[str]) -> set[str]:
    patterns = session.scalars(select(PermalinkPattern.pattern)).all() if paths else []
    slugs = {path: slug for path in paths for pattern in patterns if (slug := slug_of(pattern, path))}
    if not slugs:
        return set()
    posts = select(Entry.slug).where(Entry.kind != "page", Entry.slug.in_(slugs.values()), IS_LIVE)
    live = set(session.scalars(posts))
    return {path for path, slug in slugs.items() if slug in live}
