"""The page that readers would get of what is being written, made of the same parts as the published one."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeport.accounts.models import Author
from homeport.blog.addressing import made_slug, path_for
from homeport.blog.fields import EntryFields, find_authors
from homeport.blog.models import Entry, Series, Tag
from homeport.blog.queries.around import surround
from homeport.blog.rendering import options_of, targets_of
from homeport.blog.rows import AuthorCard, EntryCard, EntryPage, ImageCard, OutlineItem, TagCard
from homeport.blog.targets import render_linked
from homeport.media.models import Media
from homeport.media.queries import list_variants
from homeport.media.variants import forms_of
from homeport.site.actions import site_of
from homeport.text.rendered import Rendered
from homeport.text.slugs import slugify


def preview_page(
    session: Session, fields: EntryFields, entry: Entry | None = None, *, rendered: Rendered | None = None
) -> EntryPage:
    """Return the page of an entry that would say what the fields say; nothing is stored."""
    rendered = rendered or render_fields(session, fields, entry)
    at = fields.published_at or session.execute(select(func.now())).scalar_one()
    return EntryPage(
        card=_card(session, fields, rendered, at, entry),
        public_id=str(entry.public_id) if entry else "",
        html=rendered.html,
        outline=tuple(OutlineItem(item.level, item.id, item.text) for item in rendered.outline),
        canonical_url=fields.canonical_url,
        is_listed=False,
        authors=_authors(session, fields),
        **surround(session.connection(), _place(session, fields, at, entry)),
    )


def render_fields(session: Session, fields: EntryFields, entry: Entry | None = None) -> Rendered:
    """Return what the text becomes, with its links led to where they lead."""
    options, known = options_of(site_of(session)), targets_of(entry) if entry else {}
    rendered, _ = render_linked(session, fields.source, options, title=fields.title, known=known)
    return rendered


def find_cover(session: Session, fields: EntryFields) -> ImageCard | None:
    """Return the image above an entry, as its page shows it."""
    media = session.get(Media, fields.cover_media_id) if fields.cover_media_id else None
    if media is None:
        return None
    made = list_variants(session.connection(), [media.id]).get(media.id, ())
    forms = forms_of(media.hash, media.content_type, made)
    alt = fields.cover_alt or media.alt
    return ImageCard(media.path, media.width, media.height, alt, media.content_type, forms)


def _card(session: Session, fields: EntryFields, rendered: Rendered, at: datetime, entry: Entry | None) -> EntryCard:
    site = site_of(session)
    slug = fields.slug or made_slug(fields.title, fields.source, fields.kind, site.permalink_pattern)
    return EntryCard(
        path=path_for(site, fields.kind, slug, at) or "/",
        slug=slug,
        kind=fields.kind,
        title=fields.title,
        subtitle=fields.subtitle,
        excerpt=rendered.excerpt,
        description=fields.description,
        language=fields.language,
        link_url=fields.link_url,
        published_at=at,
        updated_at=entry.updated_at if entry else None,
        word_count=rendered.word_count,
        tags=_tags(session, fields),
        cover=find_cover(session, fields),
    )


def _tags(session: Session, fields: EntryFields) -> tuple[TagCard, ...]:
    wanted = {slug: title for title in fields.tags if (slug := slugify(title))}
    known = session.execute(select(Tag.slug, Tag.title).where(Tag.slug.in_(wanted)))
    titles = {row.slug: row.title for row in known}
    return tuple(TagCard(slug, titles.get(slug, title)) for slug, title in wanted.items())


def _authors(session: Session, fields: EntryFields) -> tuple[AuthorCard, ...]:
    names = find_authors(session, fields.authors)
    rows = session.execute(
        select(Author.slug, Author.name, Author.bio, Author.url, Author.image_path).where(
            Author.slug.in_([name.slug for name in names])
        )
    ).mappings()
    known = {row["slug"]: AuthorCard(**row) for row in rows}
    return tuple(known.get(name.slug) or AuthorCard(slugify(name.name), name.name) for name in names)


def _place(session: Session, fields: EntryFields, at: datetime, entry: Entry | None) -> dict[str, Any]:
    series = session.scalars(select(Series).where(Series.slug == slugify(fields.series))).one_or_none()
    return {
        "kind": fields.kind,
        "id": entry.id if entry else 0,
        "published_at": at,
        "series_id": series.id if series else None,
        "series_position": fields.series_position,
        "series_slug": series.slug if series else None,
        "series_title": series.title if series else "",
        "series_description": series.description if series else "",
    }
