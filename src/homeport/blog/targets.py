"""Finds what the addresses in a text lead to here, so that its links follow entries and its pictures have a size."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.blog.models import Entry
from homeport.blog.rendering import Target, Targets, render_source
from homeport.media.models import Media
from homeport.site.actions import site_of
from homeport.text.rendered import Rendered, RenderOptions
from homeport.text.slugs import is_slug

_MEDIA = re.compile(r"/media/(?P<hash>[0-9a-f]{32})/")
_WRITTEN = re.compile(
    r"""[(<"'=]\s*((?:https?:/)?/[^\s<>"')\]]+)|^ {0,3}\[[^\]\n]{1,999}\]:\s*(\S+)|\]\(([a-z0-9-]+(?:\#[^\s)]*)?)\)""",
    re.MULTILINE,
)
"""What looks like an address in Markdown; more than there are, for the price of one statement."""


def find_targets(session: Session, source: str) -> Targets:
    """Return where the links and images of a text lead that name an entry or a file of this site."""
    # Readers' pages never need the renderer; see `blog/rendering.py`.
    from homeport.text.markdown import render  # noqa: PLC0415

    return _targets_of(session, render(source).references)


def render_linked(
    session: Session, source: str, options: RenderOptions, *, title: str, known: Targets
) -> tuple[Rendered, Targets]:
    """Render a text whose links lead to what they name here; those in `known` keep leading to where they led.

    The targets are looked up for all that looks like an address, so that one rendering is enough for nearly every text.
    """
    kept = {key: target for key, target in known.items() if target != Target()}
    written = [next(filter(None, match.groups())) for match in _WRITTEN.finditer(source)]
    likely = [(kind, address) for address in dict.fromkeys(written) for kind in ("link", "image")]
    found = _targets_of(session, likely)
    rendered = render_source(session, source, {**found, **kept}, options, title=title)
    missed = _targets_of(session, set(rendered.references) - set(likely) - kept.keys())
    targets = {**found, **missed, **kept}
    if missed:
        rendered = render_source(session, source, targets, options, title=title)
    return rendered, {key: targets[key] for key in rendered.references if key in targets}


def path_here(written: str, address: str) -> str:
    """Return the path of this site that a link means; nothing when it leads elsewhere."""
    local = written.removeprefix(address) if address else written
    if not local.startswith("/") or local.startswith("//"):
        return ""
    try:
        return unquote(urlsplit(local).path).replace("\x00", "")
    except ValueError:
        return ""


def _targets_of(session: Session, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Target]:
    address = site_of(session).address
    paths = {key: path for key in keys if (path := _place_here(key[1], address))}
    if not paths:
        return {}
    entries = _entry_ids(session, set(paths.values()))
    media = _media_ids(session, paths.values())
    found = {
        key: Target(entries.get(path) if key[0] == "link" else None, media.get(_hash_in(path)))
        for key, path in paths.items()
    }
    return {key: target for key, target in found.items() if target != Target()}


def _place_here(written: str, address: str) -> str:
    """Return the path that is meant, or the slug; nothing when it is an address elsewhere."""
    slug = written.partition("#")[0]
    return slug if is_slug(slug) else path_here(written, address)


def _entry_ids(session: Session, places: set[str]) -> Mapping[str, int]:
    paths = {place for place in places if place.startswith("/")}
    by_path = select(Entry.path.label("place"), Entry.id, Entry.kind).where(
        Entry.path.in_(paths), Entry.deleted_at.is_(None)
    )
    rows = list(session.execute(by_path))
    if slugs := places - paths:
        # Both kinds are named because the index of slugs begins with whether it is a page.
        by_slug = select(Entry.slug.label("place"), Entry.id, Entry.kind).where(
            (Entry.kind == "page").in_([True, False]), Entry.slug.in_(slugs), Entry.deleted_at.is_(None)
        )
        rows += session.execute(by_slug)
    pages_first = sorted(rows, key=lambda row: row.kind != "page")
    return {row.place: row.id for row in pages_first}


def _media_ids(session: Session, paths: Iterable[str]) -> dict[str, int]:
    hashes = {digest for path in paths if (digest := _hash_in(path))}
    if not hashes:
        return {}
    return {row.hash: row.id for row in session.execute(select(Media.hash, Media.id).where(Media.hash.in_(hashes)))}


def _hash_in(path: str) -> str:
    match = _MEDIA.match(path)
    return match["hash"] if match else ""
