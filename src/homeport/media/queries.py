"""Every read of what is known about media; the bytes are never touched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from homeport.errors import NotFoundError
from homeport.media.models import Media, MediaVariant
from homeport.media.variants import Variant


@dataclass(frozen=True, slots=True)
class MediaRow:
    """What a list of media shows of each file."""

    hash: str
    name: str
    content_type: str
    size_bytes: int
    width: int | None
    height: int | None
    alt: str
    caption: str
    source_url: str
    created_at: datetime

    @property
    def path(self) -> str:
        """Return the path under which the file is served."""
        return f"/media/{self.hash}/{self.name}"


_LIST = select(
    Media.hash,
    Media.name,
    Media.content_type,
    Media.size_bytes,
    Media.width,
    Media.height,
    Media.alt,
    Media.caption,
    Media.source_url,
    Media.created_at,
).order_by(Media.created_at.desc(), Media.id.desc())


def list_media(connection: Connection) -> tuple[MediaRow, ...]:
    """Return all media, the newest first."""
    return tuple(MediaRow(**row._asdict()) for row in connection.execute(_LIST))


def list_variants(connection: Connection, media_ids: Iterable[int]) -> dict[int, dict[Variant, int]]:
    """Return the forms that have been made of these pictures, with their sizes in bytes."""
    chosen = select(MediaVariant).where(MediaVariant.media_id.in_(list(media_ids)))
    found: dict[int, dict[Variant, int]] = {}
    for row in connection.execute(chosen):
        found.setdefault(row.media_id, {})[Variant(row.format, row.width)] = row.size_bytes
    return found


def find_variant_owner(connection: Connection, digest: str, variant: Variant) -> int | None:
    """Return the number of the picture that such a form has been made of, or None."""
    chosen = select(Media.id).join(MediaVariant, MediaVariant.media_id == Media.id)
    wanted = chosen.where(
        Media.hash == digest, MediaVariant.format == variant.format, MediaVariant.width == variant.width
    )
    return connection.execute(wanted).scalar_one_or_none()


def map_sources(connection: Connection) -> dict[str, int]:
    """Return the media that were fetched from elsewhere, by the address they came from."""
    rows = connection.execute(
        select(Media.source_url, Media.id).where(Media.source_url != "").order_by(Media.id.desc())
    )
    return {row.source_url: row.id for row in rows}


def find_media_by_hash(session: Session, digest: str) -> Media:
    """Return one medium; raises NotFoundError."""
    found = session.scalar(select(Media).where(Media.hash == digest))
    if found is None:
        raise NotFoundError(f"there is no file {digest}.", hint="`homeport media list` names all of them.")
    return found
