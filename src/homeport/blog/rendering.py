"""From an entry's Markdown to its HTML, with links and images led through the reference table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from homeport.blog.models import Entry, Reference
from homeport.blog.written_places import list_address
from homeport.media.models import Media
from homeport.media.queries import list_variants
from homeport.media.variants import Variant, forms_of
from homeport.site.models import Site
from homeport.text.rendered import Rendered, RenderOptions, Resolved, Resolver

BATCH = 200
LONGEST_TARGET = 2000
"""In bytes; a longer one leads nowhere here, and would not fit into the table's index."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference leads to here: an entry or a medium, by its row."""

    entry_id: int | None = None
    media_id: int | None = None


Targets = Mapping[tuple[str, str], Target]
"""(kind, target as written) of an entry's references, and where those lead that lead somewhere here."""


def options_of(site: Site) -> RenderOptions:
    """Return how this site wants its Markdown rendered."""
    return RenderOptions(typographer=site.smart_typography, raw_html=site.raw_html, remote_images=site.remote_images)


def render_source(
    session: Session, source: str, targets: Targets, options: RenderOptions, *, title: str | None
) -> Rendered:
    """Render Markdown whose references lead to `targets`, below the title of its entry."""
    # The renderer and its libraries take longer to load than all the models; readers' pages are rendered already.
    from homeport.text.markdown import render  # noqa: PLC0415

    return render(source, options=replace(options, title=title or ""), resolve=_resolver(session, targets))


def store_rendering(entry: Entry, rendered: Rendered) -> None:
    """Keep a rendering beside the text it was made of."""
    # Loaded already by whoever made the rendering.
    from homeport.text.markdown import RENDERER_VERSION  # noqa: PLC0415

    entry.html = rendered.html
    entry.html_version = RENDERER_VERSION
    entry.outline = [{"level": item.level, "id": item.id, "text": item.text} for item in rendered.outline]
    entry.excerpt = rendered.excerpt
    entry.word_count = rendered.word_count
    entry.dropped = list(rendered.dropped)


def store_references(entry: Entry, rendered: Rendered, targets: Targets) -> None:
    """Make the reference table say what the text refers to now."""
    known = {(reference.kind, reference.target): reference for reference in entry.references}
    wanted = dict.fromkeys(key for key in rendered.references if len(key[1].encode()) < LONGEST_TARGET)
    for key, reference in known.items():
        if key not in wanted:
            entry.references.remove(reference)
    for kind, target in wanted:
        to = targets.get((kind, target), Target())
        reference = known.get((kind, target)) or Reference(kind=kind, target=target)
        reference.to_entry_id, reference.to_media_id = to.entry_id, to.media_id
        if (kind, target) not in known:
            entry.references.append(reference)


def targets_of(entry: Entry) -> Targets:
    """Return where an entry's stored references lead."""
    return {
        (reference.kind, reference.target): Target(reference.to_entry_id, reference.to_media_id)
        for reference in entry.references
    }


def rerender_entries(session: Session, ids: Iterable[int], options: RenderOptions) -> int:
    """Render entries again, because something they refer to has moved or the site renders differently now."""
    ordered = sorted(set(ids))
    known = set(session)
    for start in range(0, len(ordered), BATCH):
        chosen = select(Entry).where(Entry.id.in_(ordered[start : start + BATCH]))
        entries = session.scalars(chosen.options(selectinload(Entry.references))).all()
        for entry in entries:
            rendered = render_source(session, entry.source, targets_of(entry), options, title=entry.title)
            store_rendering(entry, rendered)
            # Nobody has written anything: the list of what was changed last stays as it is.
            flag_modified(entry, "modified_at")
        session.flush()
        # Let go of what only this loop needed: a site of 100,000 posts does not fit into memory.
        for entry in entries:
            if entry not in known:
                session.expunge(entry)
    return len(ordered)


def ids_referring_to(session: Session, entry_ids: Iterable[int]) -> list[int]:
    """Return the entries that link to any of these."""
    wanted = list(entry_ids)
    return list(session.scalars(select(Reference.entry_id).where(Reference.to_entry_id.in_(wanted)).distinct()))


def resolved_media(media: Media, variants: Iterable[Variant] = ()) -> Resolved:
    """Return how a stored file is shown where an entry refers to it, in the forms that there are of it."""
    kind = "image" if media.content_type.startswith("image/") else "download"
    if media.content_type.startswith("video/"):
        kind = "video"
    return Resolved(
        url=media.path,
        width=media.width,
        height=media.height,
        alt=media.alt,
        kind=kind,
        content_type=media.content_type,
        forms=forms_of(media.hash, media.content_type, variants),
    )


def _resolver(session: Session, targets: Targets) -> Resolver:
    from homeport.text.templates import fragment_of  # noqa: PLC0415 - its patterns take long to compile, see above

    paths = _paths(session, {target.entry_id for target in targets.values() if target.entry_id})
    media = _media(session, {target.media_id for target in targets.values() if target.media_id})

    def resolve(kind: str, written: str) -> Resolved | None:
        target = targets.get((kind, written), Target())
        if target.media_id in media:
            return media[target.media_id]
        if path := paths.get(target.entry_id):
            return Resolved(url=path + fragment_of(written))
        listed = list_address(written) if kind == "link" else ""
        return Resolved(url=listed) if listed else None

    return resolve


def _paths(session: Session, ids: set[int]) -> dict[int | None, str]:
    if not ids:
        return {}
    rows = session.execute(select(Entry.id, Entry.path).where(Entry.id.in_(ids), Entry.deleted_at.is_(None)))
    return {row.id: row.path for row in rows if row.path}


def _media(session: Session, ids: set[int]) -> dict[int | None, Resolved]:
    if not ids:
        return {}
    variants = list_variants(session.connection(), ids)
    chosen = select(Media).where(Media.id.in_(ids))
    return {media.id: resolved_media(media, variants.get(media.id, ())) for media in session.scalars(chosen)}
