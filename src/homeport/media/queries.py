"""Every read of what is known about media; the bytes are never touched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import Session

from homeport.errors import NotFoundError
from homeport.media.models import Media, MediaVariant
from homeport.media.types import TYPES, Kind, kind_of
from homeport.media.variants import Variant

SHELF = 48
"""How many files a page of the library has."""


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


@dataclass(frozen=True, slots=True)
class ShelvedMedia:
    """What the library shows of each file."""

    id: int
    hash: str
    name: str
    content_type: str
    size_bytes: int
    width: int | None
    height: int | None
    alt: str
    caption: str
    account_id: int | None
    created_at: datetime
    thumbnail_width: int | None

    @property
    def kind(self) -> Kind:
        """Return how a page shows the file."""
        return kind_of(self.content_type)

    @property
    def path(self) -> str:
        """Return the path under which the file is served."""
        return f"/media/{self.hash}/{self.name}"

    @property
    def thumbnail(self) -> str:
        """Return the smallest form of a picture, or the picture itself; nothing for other files."""
        if self.thumbnail_width:
            return f"/media/{self.hash}/w/{self.thumbnail_width}.webp"
        return self.path if self.kind is Kind.IMAGE else ""


def find_media(
    connection: Connection, wanted: str = "", *, kind: str = "", before: int | None = None, limit: int = SHELF
) -> tuple[ShelvedMedia, ...]:
    """Return a page of the library, the newest first: files with these words in name, description or caption."""
    narrowest = select(func.min(MediaVariant.width)).where(
        MediaVariant.media_id == Media.id, MediaVariant.format == "webp"
    )
    columns = [getattr(Media, name) for name in ShelvedMedia.__slots__ if name != "thumbnail_width"]
    chosen = select(*columns, narrowest.scalar_subquery().label("thumbnail_width"))
    for word in wanted.replace("\x00", "").split():
        said = (column.icontains(word, autoescape=True) for column in (Media.name, Media.alt, Media.caption))
        chosen = chosen.where(or_(*said))
    if kind in set(Kind):
        types = [media_type.content_type for media_type in TYPES if media_type.kind == kind]
        chosen = chosen.where(Media.content_type.in_(types))
    if before is not None:
        chosen = chosen.where(Media.id < before)
    rows = connection.execute(chosen.order_by(Media.id.desc()).limit(limit))
    return tuple(ShelvedMedia(**row._asdict()) for row in rows)


def find_media_by_id(session: Session, media_id: int) -> Media:
    """Return one medium for a change; raises NotFoundError."""
    found = session.get(Media, media_id)
    if found is None:
        raise NotFoundError("there is no such file any more.")
    return found


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
