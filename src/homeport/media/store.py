"""Where the bytes of media are: PostgreSQL now, an object store later, behind one narrow door."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection, LargeBinary, Select, bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from homeport.db.model import table_of
from homeport.media.errors import MediaTooLargeError
from homeport.media.models import Media, MediaBlob

if TYPE_CHECKING:
    from homeport.media.prepare import PreparedMedia, Programs

FACTS = ("hash", "original_hash", "name", "content_type", "size_bytes", "width", "height", "alt", "source_url")


def _keep() -> Select[int, str]:
    """Return the one statement that stores a file's facts and bytes; it tells nothing when the file is here."""
    media, blob = table_of(Media), table_of(MediaBlob)
    facts = insert(media).values({name: bindparam(name) for name in FACTS})
    stored = (
        facts.on_conflict_do_nothing(index_elements=[media.c.hash]).returning(media.c.id, media.c.name).cte("stored")
    )
    data = select(stored.c.id, bindparam("data", type_=LargeBinary))
    return select(stored.c.id, stored.c.name).add_cte(insert(blob).from_select(["media_id", "data"], data).cte("bytes"))


_KEEP = _keep()
_MEDIA = table_of(Media).c
_KEPT = select(_MEDIA.id, _MEDIA.name).where(_MEDIA.hash == bindparam("hash"))


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """A file as it is handed out."""

    hash: str
    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class KeptMedia:
    """What has been stored, by its number and the path under which it is served."""

    id: int
    path: str


class MediaStore(Protocol):
    """Keeps files by content and hands them out by hash."""

    def put(
        self,
        session: Session,
        data: bytes,
        name: str,
        *,
        max_bytes: int,
        alt: str = "",
        source_url: str = "",
    ) -> Media:
        """Clean and store a file, or find it when it is here already; raises MediaRefusedError."""
        ...

    def keep(self, session: Session, prepared: "PreparedMedia", *, alt: str = "", source_url: str = "") -> Media:
        """Store a file that has been prepared, in another process perhaps."""
        ...

    def keep_bytes(
        self, session: Session, prepared: "PreparedMedia", *, alt: str = "", source_url: str = ""
    ) -> KeptMedia:
        """Store a prepared file without loading its row: an import stores hundreds."""
        ...

    def read(self, connection: Connection, digest: str) -> StoredMedia | None:
        """Return a file by the hash of its bytes."""
        ...


class DatabaseMediaStore:
    """The media store whose bytes are in PostgreSQL, so that one backup has everything.

    `programs` says what becomes of an SVG with a script in it: refused, or stored without.
    """

    def __init__(self, programs: "Programs" = "refuse") -> None:
        self.programs = programs

    def put(
        self,
        session: Session,
        data: bytes,
        name: str,
        *,
        max_bytes: int,
        alt: str = "",
        source_url: str = "",
    ) -> Media:
        """Clean and store a file, or find it when it is here already; raises MediaRefusedError."""
        # Pillow takes a tenth of a second to load, and the web server, which only reads, starts without it.
        from homeport.media.prepare import content_hash, prepare  # noqa: PLC0415

        if len(data) > max_bytes:
            raise MediaTooLargeError(name, len(data), max_bytes)
        known = find_known(session, content_hash(data))
        if known is not None:
            return _completed(known, alt, source_url)
        prepared = prepare(data, name, max_bytes=max_bytes, programs=self.programs)
        return self.keep(session, prepared, alt=alt, source_url=source_url)

    def keep(self, session: Session, prepared: "PreparedMedia", *, alt: str = "", source_url: str = "") -> Media:
        """Store a file that has been prepared, in another process perhaps."""
        kept = self.keep_bytes(session, prepared, alt=alt, source_url=source_url)
        return _completed(session.get_one(Media, kept.id), alt, source_url)

    def keep_bytes(
        self, session: Session, prepared: "PreparedMedia", *, alt: str = "", source_url: str = ""
    ) -> KeptMedia:
        """Store a prepared file without loading its row: an import stores hundreds."""
        given = {
            "hash": prepared.hash,
            "original_hash": prepared.original_hash,
            "name": prepared.name,
            "content_type": prepared.media_type.content_type,
            "size_bytes": len(prepared.data),
            "width": prepared.width,
            "height": prepared.height,
            "alt": alt,
            "source_url": source_url,
            "data": prepared.data,
        }
        # Two uploads of one file may meet here: the later one finds the row of the earlier.
        row = session.execute(_KEEP, given).first() or session.execute(_KEPT, {"hash": prepared.hash}).one()
        return KeptMedia(row.id, f"/media/{prepared.hash}/{row.name}")

    def read(self, connection: Connection, digest: str) -> StoredMedia | None:
        """Return a file by the hash of its bytes."""
        row = connection.execute(
            select(Media.hash, Media.name, Media.content_type, MediaBlob.data)
            .join(MediaBlob, MediaBlob.media_id == Media.id)
            .where(Media.hash == digest)
        ).one_or_none()
        return StoredMedia(row.hash, row.name, row.content_type, bytes(row.data)) if row else None


def find_known(session: Session, digest: str) -> Media | None:
    """Return what is known of a file that was given or stored before, by the hash of its bytes."""
    return session.scalar(
        select(Media).where(or_(Media.hash == digest, Media.original_hash == digest)).order_by(Media.id).limit(1)
    )


def _completed(media: Media, alt: str, source_url: str) -> Media:
    media.alt = media.alt or alt
    media.source_url = media.source_url or source_url
    return media
