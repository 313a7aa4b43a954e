"""The parts of an export that are no entries: settings, names, media, and where addresses of the past lead."""

import re
from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from homeport.accounts.models import Author
from homeport.blog.actions import change_site
from homeport.blog.models import Entry, Series, Tag
from homeport.blog.rendering import resolved_media
from homeport.errors import InvalidError
from homeport.exchange.addresses import MAX_LENGTH
from homeport.exchange.bulk import Names
from homeport.exchange.layout import MANIFEST
from homeport.exchange.links import Stored
from homeport.exchange.manifest import DescribedEntry, Facts, Manifest, list_of, moment_of, text_of
from homeport.exchange.rendering import as_shown
from homeport.exchange.report import ImportReport
from homeport.exchange.tree import Tree
from homeport.media.models import Media
from homeport.media.prepare import PreparedMedia, prepare
from homeport.media.store import DatabaseMediaStore
from homeport.site.actions import mark_gone
from homeport.site.models import PermalinkPattern, Redirect
from homeport.site.permalinks import check_pattern
from homeport.text.slugs import is_slug

TARGET = re.compile(r"https?://[^/]|/(?!/)")


def restore_settings(session: Session, manifest: Manifest) -> None:
    """Give an empty site the settings and the former permalink patterns of the export.

    Raises InvalidError when a setting cannot be taken.
    """
    try:
        change_site(session, **manifest.site)
        patterns = [check_pattern(text_of(pattern)) for pattern in manifest.facts["permalink_patterns"]]
    except (KeyError, ValueError) as error:
        raise InvalidError(f"the settings in {MANIFEST} cannot be taken: {error}") from error
    session.execute(delete(PermalinkPattern))
    for pattern in patterns:
        session.execute(insert(PermalinkPattern).values(pattern=pattern).on_conflict_do_nothing())


def restore_names(session: Session, manifest: Manifest, report: ImportReport) -> Names:
    """Make the authors, tags and series of the export that are not here yet; return all of them by their slugs."""
    return Names(
        authors=_by_slug(session, Author, manifest, "authors", report, ("name", "bio", "url", "image_path")),
        tags=_by_slug(session, Tag, manifest, "tags", report, ("title", "description")),
        series=_by_slug(session, Series, manifest, "series", report, ("title", "description")),
    )


def _by_slug(
    session: Session,
    model: type[Author] | type[Tag] | type[Series],
    manifest: Manifest,
    part: str,
    report: ImportReport,
    columns: tuple[str, ...],
) -> dict[str, int]:
    for given in manifest.rows(part):
        try:
            slug = _slug_of(given["slug"])
            values = {name: text_of(given[name]) for name in columns}
        except (ValueError, KeyError) as error:
            report.warn(MANIFEST, f"one of the {part} is not taken: {error}")
            continue
        session.execute(insert(model).values(slug=slug, **values).on_conflict_do_nothing())
    return {row.slug: row.id for row in session.execute(select(model.slug, model.id))}


def prepare_media(tree: Tree, given: Facts, max_bytes: int) -> PreparedMedia:
    """Return a file of the export as it will be stored, under its name of before.

    Raises InvalidError when the manifest or the file is not as it should be.
    """
    try:
        path = next((path for path in list_of(given["files"]) if path in tree.files), None)
        name = text_of(given["name"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidError(f"a file is described wrongly: {error}") from error
    if path is None:
        raise InvalidError(f"{name} is not in the folder any more")
    return prepare(tree.read(path, max_bytes), name, max_bytes=max_bytes, programs="remove")


def restore_media(session: Session, given: Facts, prepared: PreparedMedia) -> Stored:
    """Store a file with all that was said about it; what is said here already stays."""
    is_new = session.scalars(select(Media.id).where(Media.hash == prepared.hash)).first() is None
    media = DatabaseMediaStore().keep(session, prepared)
    if is_new:
        for name in ("original_hash", "alt", "caption", "source_url"):
            setattr(media, name, text_of(given[name]))
        media.created_at = moment_of(given["created_at"])
        session.flush()
    return Stored(media.id, resolved_media(media))


def shown_without_storing(prepared: PreparedMedia) -> Stored:
    """Return how a file would be shown, for a run that writes nothing."""
    return Stored(0, as_shown(prepared))


def restore_past(session: Session, manifest: Manifest, report: ImportReport) -> None:
    """Let addresses of the past lead where they led, unless they lead somewhere here already."""
    entries = {str(row.public_id): row.id for row in session.execute(select(Entry.public_id, Entry.id))}
    tags = {row.slug: row.id for row in session.execute(select(Tag.slug, Tag.id))}
    series = {row.slug: row.id for row in session.execute(select(Series.slug, Series.id))}
    # A draft keeps nothing from its address, and an entry of a date to come may itself be where its address led before.
    shown = select(Entry.path, Entry.id).where(Entry.deleted_at.is_(None), Entry.state != "draft")
    living = {row.path: row.id for row in session.execute(shown)}
    for given in manifest.rows("redirects"):
        values = {
            "entry_id": entries.get(str(given.get("entry"))),
            "tag_id": tags.get(str(given.get("tag"))),
            "series_id": series.get(str(given.get("series"))),
            "target": given.get("target"),
        }
        try:
            path = _path_of(given.get("path"))
            _check_end(path, values)
        except ValueError as error:
            report.warn(MANIFEST, f"a redirect is not taken: {error}")
            continue
        if living.get(path) in (None, values["entry_id"]):
            session.execute(insert(Redirect).values(path=path, **values).on_conflict_do_nothing())
    for given in manifest.facts["gone"]:
        try:
            path = _path_of(given)
        except ValueError as error:
            report.warn(MANIFEST, f"an address that is gone is not taken: {error}")
            continue
        if path not in living:
            mark_gone(session, path)


def restore_translations(session: Session, entries: Iterable[DescribedEntry]) -> None:
    """Tie entries to what they are translations of, unless that has been decided here."""
    original = aliased(Entry)
    for entry in entries:
        if entry.translation_of:
            found = select(original.id).where(original.public_id == entry.translation_of).scalar_subquery()
            session.execute(
                update(Entry)
                .where(Entry.public_id == entry.public_id, Entry.translation_of_id.is_(None))
                .values(translation_of_id=found, modified_at=Entry.modified_at)
            )


def _check_end(path: str, values: Facts) -> None:
    if values["target"] is not None and not TARGET.match(text_of(values["target"])):
        raise ValueError(f"{path} leads to no address")
    if sum(value is not None for value in values.values()) != 1:
        raise ValueError(f"{path} leads to nothing that is here")


def _slug_of(value: object) -> str:
    slug = text_of(value)
    if not is_slug(slug):
        raise ValueError(f"{slug[:40]!r} is not a slug")
    return slug


def _path_of(value: object) -> str:
    path = text_of(value)
    if not path.startswith("/") or path.startswith("//") or len(path) > MAX_LENGTH:
        raise ValueError(f"{path[:40]!r} is not a path of a site")
    return path
