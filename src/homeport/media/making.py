"""Makes the forms of one picture: from its bytes to files in the cache and a note of them in the database."""

from pathlib import Path

from homeport.db.session import Database
from homeport.media.actions import store_variants
from homeport.media.cachefolder import CacheFolder, media_cache
from homeport.media.models import Media
from homeport.media.queries import list_variants
from homeport.media.store import DatabaseMediaStore
from homeport.media.types import BY_CONTENT_TYPE
from homeport.media.variants import Variant, file_name_of, plan_variants
from homeport.media.workshop import VariantsError, make_files
from homeport.settings import Settings


def make_and_store(database: Database, settings: Settings, media_id: int) -> None:
    """Make the forms of one picture, unless they are here already.

    Raises VariantsError when it cannot be decoded.
    """
    folder = media_cache(settings.paths)
    with database.transaction() as session:
        media = session.get(Media, media_id)
        known = list_variants(session.connection(), [media_id]).get(media_id, {})
    if media is None or (media.variants_made_at and _are_here(folder, media, known)):
        return
    try:
        made = _make(database, folder, media)
    except VariantsError as error:
        _store(database, media, {})
        raise VariantsError(f"{media.name}: {error}") from error
    _store(database, media, made)


def _make(database: Database, folder: CacheFolder, media: Media) -> dict[Variant, int]:
    """Return the sizes of the forms that are worth offering; their bytes are in the cache then."""
    source = BY_CONTENT_TYPE[media.content_type]
    wanted = plan_variants(source, media.width or 0)
    original = _original(database, folder, media) if wanted else None
    if original is None:
        return {}
    sizes: dict[Variant, int] = {}
    with make_files(original, source, wanted, folder=folder.folder) as files:
        for variant, path in files.items():
            size_bytes = path.stat().st_size
            if size_bytes < media.size_bytes:
                folder.add_variant(media.hash, file_name_of(variant, source), path)
                sizes[variant] = size_bytes
    return sizes


def _original(database: Database, folder: CacheFolder, media: Media) -> Path | None:
    cached = folder.find(media.hash)
    if cached is None:
        with database.reader() as connection:
            stored = DatabaseMediaStore().read(connection, media.hash)
        if stored is None:
            return None
        cached = folder.add(stored)
    if cached is None:
        raise OSError(f"{folder.folder} cannot be written to")
    return cached.path


def _store(database: Database, media: Media, made: dict[Variant, int]) -> None:
    with database.transaction() as session:
        store_variants(session, media.id, made)


def _are_here(folder: CacheFolder, media: Media, known: dict[Variant, int]) -> bool:
    source = BY_CONTENT_TYPE[media.content_type]
    return all(
        folder.find_variant(media.hash, file_name_of(variant, source), size_bytes=size_bytes)
        for variant, size_bytes in known.items()
    )
