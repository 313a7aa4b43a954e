"""Opens the page store that fits this release and these settings; loads nothing of the web application."""

import hashlib
from pathlib import Path

from homeport import __version__
from homeport.cache.shared import SharedRevision
from homeport.cache.store import PageStore
from homeport.settings import Settings

PACKAGE = Path(__file__).parents[1]


def open_store(settings: Settings, shared: SharedRevision) -> PageStore:
    """Return this host's stored pages, of the form that this release and these settings give them."""
    theme = settings.paths.theme
    form = form_of(__version__, settings.site_url, theme, folders=(PACKAGE, *([theme] if theme else ())))
    return PageStore(settings.paths.cache / "pages" / form, settings.db.uri, shared)


def form_of(*facts: object, folders: tuple[Path, ...]) -> str:
    """Return a name for everything that pages are made of beside the content: another release, another store."""
    digest = hashlib.sha256(repr(facts).encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                status = path.stat()
                digest.update(f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
