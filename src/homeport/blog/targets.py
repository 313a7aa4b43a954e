"""Finds what the addresses in a text lead to here, so that its links follow entries and its pictures have a size."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.blog.models import Entry
from homeport.blog.rendering import Target, Targets
from homeport.media.models import Media
from homeport.site.actions import site_of
from homeport.text.markdown import render

_MEDIA = re.compile(r"/media/(?P<hash>[0-9a-f]{32})/")


def find_targets(session: Session, source: str) -> Targets:
    """Return where the links and images of a text lead that name a path of this site, or its full address."""
    address = site_of(session).address
    paths = {key: path for key in render(source).references if (path := _path_here(key[1], address))}
    entries = _entry_ids(session, paths.values())
    media = _media_ids(session, paths.values())
    found = {key: Target(entries.get(path), media.get(_hash_in(path))) for key, path in paths.items()}
    return {key: target for key, target in found.items() if target != Target()}


def _path_here(written: str, address: str) -> str:
    local = written.removeprefix(address) if address else written
    if not local.startswith("/") or local.startswith("//"):
        return ""
    return unquote(urlsplit(local).path)


def _entry_ids(session: Session, paths: Iterable[str]) -> dict[str | None, int]:
    rows = session.execute(select(Entry.path, Entry.id).where(Entry.path.in_(paths), Entry.deleted_at.is_(None)))
    return {row.path: row.id for row in rows}


def _media_ids(session: Session, paths: Iterable[str]) -> dict[str, int]:
    hashes = {digest for path in paths if (digest := _hash_in(path))}
    return {row.hash: row.id for row in session.execute(select(Media.hash, Media.id).where(Media.hash.in_(hashes)))}


def _hash_in(path: str) -> str:
    match = _MEDIA.match(path)
    return match["hash"] if match else ""
