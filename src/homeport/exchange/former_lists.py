"""Where the feeds and lists of a former site lead: nobody moved them, but readers and feed readers know them."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from homeport.accounts.models import Author
from homeport.blog.models import Entry, Tag
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.patterns import hugo_name
from homeport.exchange.post import ImportedPost
from homeport.site.models import Gone, Redirect
from homeport.site.permalinks import is_reserved
from homeport.site.queries import other_spelling
from homeport.text.slugs import slugify

FEEDS = {
    "/index.xml": "/feed.rss",
    "/rss.xml": "/feed.rss",
    "/feeds/all.rss.xml": "/feed.rss",
    "/feed.xml": "/feed.atom",
    "/atom.xml": "/feed.atom",
    "/feeds/all.atom.xml": "/feed.atom",
}
TAG_PLACES = ("/tags/{}/", "/categories/{}/", "/category/{}/", "/tag/{}/", "/tag/{}.html", "/category/{}.html")
AUTHOR_PLACES = ("/author/{}.html", "/author/{}/")
WITHOUT_A_SITE = frozenset({Dialect.PLAIN, Dialect.HOMEPORT})

_Row = dict[str, str | int | None]


def lead_from_former_lists(session: Session, origin: Origin, posts: Iterable[ImportedPost]) -> None:
    """Make the addresses that the tool gave to feeds, tags and authors lead to those here, where nothing else is."""
    if origin.dialect in WITHOUT_A_SITE:
        return
    posts = list(posts)
    rows = {str(row["path"]): row for row in _rows(session, origin, posts)}
    lived_in = _lived_in(session, rows)
    free = [row for path, row in rows.items() if not ({path, other_spelling(path)} & lived_in or is_reserved(path))]
    if free:
        session.execute(insert(Redirect).on_conflict_do_nothing(), free)


def _rows(session: Session, origin: Origin, posts: list[ImportedPost]) -> Iterator[_Row]:
    yield from (_row(origin.beneath_base(path), target=target) for path, target in FEEDS.items())
    if origin.site.base:
        yield _row(f"{origin.site.base}/", target="/")
    tags = _by_slug(title for post in posts for title in post.tags)
    for tag_id, slug in session.execute(select(Tag.id, Tag.slug).where(Tag.slug.in_(tags))):
        for place in _places(TAG_PLACES, tags[slug] | {slug}):
            yield _row(origin.beneath_base(place), tag_id=tag_id)
    authors = _by_slug(name for post in posts for name in post.authors)
    for slug in session.scalars(select(Author.slug).where(Author.slug.in_(authors))):
        for place in _places(AUTHOR_PLACES, authors[slug] | {slug}):
            yield _row(origin.beneath_base(place), target=f"/authors/{slug}")


def _row(path: str, *, tag_id: int | None = None, target: str | None = None) -> _Row:
    return {"path": path, "tag_id": tag_id, "target": target}


def _by_slug(titles: Iterable[str]) -> dict[str, set[str]]:
    """Return the ways in which tools write each of these names in a path."""
    found: dict[str, set[str]] = {}
    for title in dict.fromkeys(titles):
        names = {name for name in (hugo_name(title), title) if name and name.isprintable() and "/" not in name}
        found.setdefault(slugify(title), set()).update(names)
    return found


def _places(patterns: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    return (pattern.format(name) for pattern in patterns for name in sorted(names))


def _lived_in(session: Session, paths: Iterable[str]) -> set[str]:
    """Return those of these paths, in either spelling, that are an entry's, lead on already or are gone."""
    spellings = {spelling for path in paths for spelling in (path, other_spelling(path))}
    found: set[str] = set()
    for column in (Entry.path, Redirect.path, Gone.path):
        found |= {path for path in session.scalars(select(column).where(column.in_(spellings))) if path}
    return found
