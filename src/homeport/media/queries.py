"""Every read of what is known about media; the bytes are never touched."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from homeport.errors import NotFoundError
from homeport.media.models import Media


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
