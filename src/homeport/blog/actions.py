"""Every change of entries: one function per intention of the author; none of them commits."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from homeport.accounts.actions import find_or_create_author
from homeport.blog.addressing import check_slug, made_slug
from homeport.blog.models import Byline, Entry, EntryTag
from homeport.blog.moving import address_of, database_now, readdress_all, remember, seen_path, welcome
from homeport.blog.rendering import (
    Targets,
    ids_referring_to,
    options_of,
    render_source,
    rerender_entries,
    store_references,
    store_rendering,
)
from homeport.blog.revisions import Wording, keep_revision
from homeport.blog.taxonomy import find_or_create_series, find_or_create_tag
from homeport.errors import ConflictError, NotFoundError
from homeport.jobs.queue import enqueue
from homeport.site.actions import mark_gone, redirects_to, site_of, update_site
from homeport.site.models import Site
from homeport.text.rendered import Rendered
from homeport.text.slugs import slugify

RENDERING_SETTINGS = frozenset({"smart_typography", "raw_html", "remote_images"})
ADDRESS_SETTINGS = frozenset({"permalink_pattern", "time_zone"})
PUBLISHED, INDEX, INDEX_MISSING = "blog.published", "search.index", "search.index_missing"
"""Kinds of jobs: what follows when readers can see an entry, and when it says something else."""


class SlugTakenError(ConflictError):
    """Another entry has this slug already."""


class PathTakenError(SlugTakenError):
    """Another entry lives at this address already."""


@dataclass(frozen=True, slots=True)
class AuthorInput:
    """An author by name; the slug is made from the name when it is empty."""

    name: str
    slug: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryInput:
    """All that an author decides about an entry. `rendered` is given by a caller that has rendered it already."""

    title: str | None
    source: str
    kind: str = "article"
    subtitle: str = ""
    slug: str = ""
    state: str = "draft"
    published_at: datetime | None = None
    updated_at: datetime | None = None
    language: str = ""
    canonical_url: str = ""
    link_url: str = ""
    description: str = ""
    authors: tuple[AuthorInput, ...] = ()
    tags: tuple[str, ...] = ()
    series: str = ""
    series_position: int | None = None
    cover_media_id: int | None = None
    cover_alt: str = ""
    comments_open: bool | None = None
    feed_id: str | None = None
    public_id: UUID | None = None
    front_matter: str = ""
    targets: Targets = field(default_factory=dict)
    rendered: Rendered | None = None


_PLAIN_FIELDS = (
    "kind",
    "title",
    "subtitle",
    "state",
    "published_at",
    "updated_at",
    "language",
    "canonical_url",
    "link_url",
    "description",
    "series_position",
    "cover_media_id",
    "cover_alt",
    "comments_open",
    "front_matter",
    "source",
)


def create_entry(session: Session, given: EntryInput) -> Entry:
    """Store a new entry with its rendering, tags, authors and references.

    Raises SlugTakenError, PathTakenError or SlugError when it cannot have the slug it asks for.
    """
    site = site_of(session)
    entry = Entry(slug=_slug_of(site, given), references=[], taggings=[], bylines=[])
    if given.public_id:
        entry.public_id = given.public_id
    entry.feed_id = given.feed_id
    _fill(session, site, entry, given)
    entry.path = address_of(site, entry)
    session.add(entry)
    _flush(session, entry)
    welcome(session, entry)
    index_later(session, entry)
    _announce(session, entry)
    return entry


def update_entry(session: Session, entry: Entry, given: EntryInput, *, reason: str = "") -> Entry:
    """Replace what an entry says; the former text becomes a revision, a former address leads on.

    Raises SlugTakenError, PathTakenError or SlugError when it cannot have the slug it asks for.
    """
    if (entry.front_matter, entry.source) != (given.front_matter, given.source):
        was_seen = seen_path(entry, database_now(session)) is not None
        keep_revision(session, entry.id, Wording.of(entry), reason=reason, is_public=was_seen)
    return rewrite_entry(session, entry, given)


def rewrite_entry(session: Session, entry: Entry, given: EntryInput) -> Entry:
    """Replace what an entry says, for a caller that has seen to its revisions; a former address leads on.

    Raises SlugTakenError, PathTakenError or SlugError when it cannot have the slug it asks for.
    """
    before, said = seen_path(entry, database_now(session)), (entry.title, entry.source)
    was_public = (entry.state, entry.published_at)
    if given.state != "draft" and given.published_at is None:
        # Whoever takes the date away does not say that readers never saw it.
        given = replace(given, published_at=entry.published_at or database_now(session))
    _fill(session, site_of(session), entry, given)
    if given.slug:
        entry.slug = _slug_of(site_of(session), given)
    entry.version += 1
    _readdress(session, entry, before)
    if said != (entry.title, entry.source):
        index_later(session, entry)
    if was_public != (entry.state, entry.published_at):
        _announce(session, entry)
    return entry


def publish_entry(session: Session, entry: Entry, at: datetime | None = None) -> Entry:
    """Show an entry to readers at `at`, or now.

    Without `at` an entry that has a date in the past keeps it; a date to come gives way to this moment.
    """
    now = database_now(session)
    before = seen_path(entry, now)
    if at is not None:
        entry.published_at = at
    elif entry.published_at is None or entry.published_at > now:
        entry.published_at = now
    entry.state = "published"
    entry.version += 1
    _readdress(session, entry, before)
    if before and entry.published_at > now:
        remember(session, before, entry)
    announce_later(session, entry, max(entry.published_at, now))
    return entry


def unlist_entry(session: Session, entry: Entry) -> Entry:
    """Keep an entry at its address but leave it out of every list, feed and sitemap."""
    if entry.state == "draft" or entry.published_at is None:
        publish_entry(session, entry)
    entry.state = "unlisted"
    session.flush()
    return entry


def unpublish_entry(session: Session, entry: Entry) -> Entry:
    """Take an entry back into the drafts; its address answers 404 until it returns, wherever it returns to."""
    if before := seen_path(entry, database_now(session)):
        remember(session, before, entry)
    entry.state = "draft"
    session.flush()
    return entry


def delete_entry(session: Session, entry: Entry) -> None:
    """Take an entry away; every address that readers have seen it at answers 410 from now on."""
    if before := seen_path(entry, database_now(session)):
        remember(session, before, entry)
    for path in redirects_to(session, entry.id):
        mark_gone(session, path, entry_id=entry.id)
    entry.deleted_at = func.now()
    session.flush()
    rerender(session, ids_referring_to(session, [entry.id]))


def rename_entry(session: Session, entry: Entry, slug: str) -> Entry:
    """Give an entry another slug; its former address leads to the new one.

    Raises SlugTakenError, PathTakenError or SlugError.
    """
    before = seen_path(entry, database_now(session))
    entry.slug = check_slug(slug, entry.kind)
    entry.version += 1
    _readdress(session, entry, before)
    return entry


def find_entry(session: Session, name: str) -> Entry:
    """Return the entry with this slug or path, loaded for a change.

    Raises NotFoundError.
    """
    found = session.scalars(
        select(Entry)
        .where(or_(Entry.slug == name, Entry.path == name), Entry.deleted_at.is_(None))
        .options(*LOADS)
        .order_by(Entry.kind == "page")
    ).first()
    if found is None:
        raise NotFoundError(f"there is no entry {name!r}", hint="`homeport list` shows all slugs.")
    return found


def rerender(session: Session, ids: Iterable[int]) -> int:
    """Render these entries again by the site's settings of now; return how many."""
    return rerender_entries(session, ids, options_of(site_of(session)))


def change_site(session: Session, **changes: object) -> frozenset[str]:
    """Change site settings and bring every entry in line: addresses, redirects, renderings.

    Raises SiteSettingError for an unknown name, a value that cannot be taken, or a pattern by which posts collide.
    """
    changed = update_site(session, **changes)
    if changed & ADDRESS_SETTINGS:
        readdress_all(session)
    if changed & RENDERING_SETTINGS:
        rerender(session, session.scalars(select(Entry.id).where(Entry.deleted_at.is_(None))))
    return changed


def readdress(session: Session, entry: Entry) -> None:
    """Give an entry the address that it should have now, and let what links to it follow.

    Raises SlugTakenError or PathTakenError.
    """
    _readdress(session, entry, None)
    rerender(session, ids_referring_to(session, [entry.id]))


def announce_later(session: Session, entry: Entry, at: datetime) -> None:
    """Have done what follows from a publication as soon as readers can see it."""
    enqueue(session, PUBLISHED, {"entry_id": entry.id}, run_at=at, key=f"published {entry.id}")


def index_later(session: Session, entry: Entry) -> None:
    """Have the search find an entry by what it says now."""
    enqueue(session, INDEX, {"entry_id": entry.id}, key=f"search {entry.id}")


def catch_up_later(session: Session) -> None:
    """Have done what follows from many entries that were stored without a job for each of them."""
    enqueue(session, INDEX_MISSING, {}, key=INDEX_MISSING)
    to_come = select(Entry).where(Entry.published_at > func.now(), Entry.state != "draft", Entry.deleted_at.is_(None))
    for entry in session.scalars(to_come):
        _announce(session, entry)


LOADS = (selectinload(Entry.references), selectinload(Entry.taggings), selectinload(Entry.bylines))
"""What an entry needs to have loaded before `update_entry`."""


def _fill(session: Session, site: Site, entry: Entry, given: EntryInput) -> None:
    for name in _PLAIN_FIELDS:
        setattr(entry, name, getattr(given, name))
    if entry.state != "draft" and entry.published_at is None:
        entry.published_at = session.execute(select(func.now())).scalar_one()
    entry.series_id = find_or_create_series(session, given.series).id if given.series.strip() else None
    _tag(session, entry, given.tags)
    _sign(session, entry, given.authors)
    rendered = given.rendered or render_source(
        session, given.source, given.targets, options_of(site), title=given.title
    )
    store_rendering(entry, rendered)
    store_references(entry, rendered, given.targets)


def _tag(session: Session, entry: Entry, titles: tuple[str, ...]) -> None:
    tags = {tag.id: tag for tag in (find_or_create_tag(session, title) for title in titles if slugify(title))}
    known = {tagging.tag_id: tagging for tagging in entry.taggings}
    entry.taggings[:] = [known.get(tag_id) or EntryTag(tag_id=tag_id) for tag_id in tags]
    for position, tagging in enumerate(entry.taggings):
        tagging.position = position


def _sign(session: Session, entry: Entry, names: tuple[AuthorInput, ...]) -> None:
    authors = [find_or_create_author(session, given.name, given.slug) for given in names]
    known = {byline.author_id: byline for byline in entry.bylines}
    wanted = dict.fromkeys(author.id for author in authors)
    entry.bylines[:] = [known.get(author_id) or Byline(author_id=author_id) for author_id in wanted]
    for position, byline in enumerate(entry.bylines):
        byline.position = position


def _slug_of(site: Site, given: EntryInput) -> str:
    if given.slug:
        return check_slug(given.slug, given.kind)
    return made_slug(given.title, given.source, given.kind, site.permalink_pattern)


def _readdress(session: Session, entry: Entry, before: str | None) -> None:
    """Give the entry the address it should have now; where readers have seen it `before` leads there."""
    # Nothing is flushed before `_flush`, which has words for a slug that is taken.
    with session.no_autoflush:
        former, entry.path = entry.path, address_of(site_of(session), entry)
    _flush(session, entry)
    welcome(session, entry)
    if before and before != entry.path:
        remember(session, before, entry)
    if former != entry.path:
        rerender(session, ids_referring_to(session, [entry.id]))
        session.flush()


def _announce(session: Session, entry: Entry) -> None:
    if entry.state != "draft" and entry.published_at is not None:
        announce_later(session, entry, max(entry.published_at, database_now(session)))


def _flush(session: Session, entry: Entry) -> None:
    # Read before: after a violation inside a savepoint nothing of the entry can be read any more.
    slug, path = entry.slug, entry.path
    # Flushed here, so that a violated constraint is known while there is still somebody to tell.
    try:
        session.flush()
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
        if name == "uq_entry_slug":
            raise SlugTakenError(f"another entry has the slug {slug!r} already", hint="Choose another.") from error
        if name == "uq_entry_path":
            raise PathTakenError(f"another entry lives at {path} already", hint="Choose another slug.") from error
        raise
