"""Changing tags and series: made when first used, renamed and merged without losing an address."""

from collections.abc import Iterable

from sqlalchemy import Executable, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from homeport.blog.models import Entry, EntryTag, Series, Tag
from homeport.db.model import table_of
from homeport.errors import ConflictError, InvalidError, NotFoundError
from homeport.site.actions import add_redirect, forget_redirect, mark_gone
from homeport.site.models import Redirect
from homeport.text.slugs import is_slug, slugify

_TAG, _SERIES, _REDIRECT = table_of(Tag), table_of(Series), table_of(Redirect)
_FIND_TAG = select(_TAG.c.id).where(_TAG.c.slug == bindparam("slug"))
_FIND_SERIES = select(_SERIES.c.id).where(_SERIES.c.slug == bindparam("slug"))
_FIND_TAG_ONCE_CALLED = (
    select(_REDIRECT.c.tag_id).where(_REDIRECT.c.path == bindparam("former")).where(_REDIRECT.c.tag_id.is_not(None))
)
_MAKE_TAG = insert(_TAG).on_conflict_do_nothing().returning(_TAG.c.id)
_MAKE_SERIES = insert(_SERIES).on_conflict_do_nothing().returning(_SERIES.c.id)


class TagTakenError(ConflictError):
    """Another tag has this slug already: merging may be what is meant."""


def find_or_create_tag(session: Session, title: str) -> Tag:
    """Return the tag that `title` names, by its slug; a former name of a tag leads to that tag."""
    # What is still only in the session has to be found, too.
    session.flush()
    return session.get_one(Tag, tag_number(session, title))


def tag_number(session: Session, title: str) -> int:
    """Return the number of that tag without loading the rest: an import asks for hundreds."""
    slug = slugify(title)
    if not slug:
        raise InvalidError(f"{title!r} cannot be a tag: nothing of it could stand in an address")
    here = (
        session.execute(_FIND_TAG, {"slug": slug}).scalar()
        or session.execute(_FIND_TAG_ONCE_CALLED, {"former": f"/tags/{slug}"}).scalar()
    )
    return here or _made(session, _MAKE_TAG, _FIND_TAG, slug, title)


def find_or_create_series(session: Session, title: str) -> Series:
    """Return the series that `title` names, by its slug."""
    # What is still only in the session has to be found, too.
    session.flush()
    return session.get_one(Series, series_number(session, title))


def series_number(session: Session, title: str) -> int:
    """Return the number of that series without loading the rest."""
    slug = slugify(title)
    if not slug:
        raise InvalidError(f"{title!r} cannot be a series: nothing of it could stand in an address")
    here = session.execute(_FIND_SERIES, {"slug": slug}).scalar()
    return here or _made(session, _MAKE_SERIES, _FIND_SERIES, slug, title)


def find_tag(session: Session, slug: str) -> Tag:
    """Return the tag with this slug.

    Raises NotFoundError.
    """
    found = session.scalars(select(Tag).where(Tag.slug == slug)).one_or_none()
    if found is None:
        raise NotFoundError(f"there is no tag {slug!r}")
    return found


def find_series(session: Session, slug: str) -> Series:
    """Return the series with this slug.

    Raises NotFoundError.
    """
    found = session.scalars(select(Series).where(Series.slug == slug)).one_or_none()
    if found is None:
        raise NotFoundError(f"there is no series {slug!r}")
    return found


def rename_tag(session: Session, slug: str, new_slug: str, title: str | None = None) -> Tag:
    """Give a tag another slug, and another title if one is given; the old address leads on.

    Raises NotFoundError, TagTakenError, InvalidError.
    """
    tag = find_tag(session, slug)
    if not is_slug(new_slug):
        raise InvalidError(f"{new_slug!r} is not a slug", hint="A slug has letters, digits and hyphens.")
    if new_slug != slug:
        if session.scalars(select(Tag.id).where(Tag.slug == new_slug)).first():
            raise TagTakenError(f"there is a tag {new_slug!r} already", hint="Merge the two if they mean the same.")
        tag.slug = new_slug
        session.flush()
        forget_redirect(session, f"/tags/{new_slug}")
        add_redirect(session, f"/tags/{slug}", tag_id=tag.id)
    if title is not None:
        tag.title = title
    session.flush()
    return tag


def merge_tags(session: Session, slug: str, into_slug: str) -> Tag:
    """Let every entry of one tag carry another instead; the first tag's addresses lead to the second.

    Raises NotFoundError, InvalidError.
    """
    tag, into = find_tag(session, slug), find_tag(session, into_slug)
    if tag.id == into.id:
        raise InvalidError(f"{slug!r} cannot be merged into itself")
    carried = select(EntryTag.entry_id).where(EntryTag.tag_id == into.id).scalar_subquery()
    session.execute(delete(EntryTag).where(EntryTag.tag_id == tag.id, EntryTag.entry_id.in_(carried)))
    session.execute(update(EntryTag).where(EntryTag.tag_id == tag.id).values(tag_id=into.id))
    session.execute(update(Redirect).where(Redirect.tag_id == tag.id).values(tag_id=into.id))
    add_redirect(session, f"/tags/{slug}", tag_id=into.id)
    session.execute(delete(Tag).where(Tag.id == tag.id))
    session.expire_all()
    return into


def delete_tag(session: Session, slug: str) -> None:
    """Take a tag away from all its entries; its address answers 410 from now on.

    Raises NotFoundError.
    """
    session.delete(find_tag(session, slug))
    session.flush()
    mark_gone(session, f"/tags/{slug}")


def delete_series(session: Session, slug: str) -> None:
    """Take a series away; its entries stay, in none. Its address answers 410 from now on.

    Raises NotFoundError.
    """
    series = find_series(session, slug)
    left = update(Entry).where(Entry.series_id == series.id)
    session.execute(left.values(series_id=None, series_position=None, modified_at=Entry.modified_at))
    session.delete(series)
    session.flush()
    mark_gone(session, f"/series/{slug}")


def describe_tag(session: Session, slug: str, *, title: str | None = None, description: str | None = None) -> Tag:
    """Change what a tag is called or what is said about it.

    Raises NotFoundError.
    """
    tag = find_tag(session, slug)
    tag.title = tag.title if title is None else title
    tag.description = tag.description if description is None else description
    session.flush()
    return tag


def describe_series(session: Session, slug: str, *, title: str | None = None, description: str | None = None) -> Series:
    """Change what a series is called or what is said about it.

    Raises NotFoundError.
    """
    series = find_series(session, slug)
    series.title = series.title if title is None else title
    series.description = series.description if description is None else description
    session.flush()
    return series


def drop_unused_tags(session: Session, ids: Iterable[int]) -> None:
    """Forget those of these tags that no entry carries, nobody has described and no address leads to.

    While somebody types "rust" and the editor saves, "ru" and "rus" must not stay.
    """
    is_carried = select(EntryTag.tag_id).where(EntryTag.tag_id == Tag.id).exists()
    leads_here = select(Redirect.id).where(Redirect.tag_id == Tag.id).exists()
    session.execute(delete(Tag).where(Tag.id.in_(list(ids)), Tag.description == "", ~is_carried, ~leads_here))


def _made(session: Session, make: Executable, find: Executable, slug: str, title: str) -> int:
    # Whoever comes second finds the row of who made it in the same moment.
    made = session.execute(make, {"slug": slug, "title": title.strip()}).scalar_one_or_none()
    number: int = made or session.execute(find, {"slug": slug}).scalar_one()
    return number
