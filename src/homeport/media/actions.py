"""Every change of media that is already stored."""

from collections.abc import Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from homeport.jobs.queue import enqueue
from homeport.media.models import Media, MediaVariant
from homeport.media.queries import find_media_by_hash, list_variants
from homeport.media.store import DatabaseMediaStore
from homeport.media.variants import SOURCES, Variant, can_have_variants

MOST_REQUESTS = 10_000
"""How many pictures one job asks for; the next day asks for the rest."""


def add_upload(
    session: Session, data: bytes, name: str, *, max_bytes: int, account_id: int | None = None, alt: str = ""
) -> Media:
    """Store a file that somebody has sent, or find it when it is here already; raises MediaRefusedError."""
    media = DatabaseMediaStore().put(session, data, name, max_bytes=max_bytes, alt=alt)
    if media.account_id is None:
        media.account_id = account_id
    request_variants(session, media)
    return media


def describe_media(session: Session, digest: str, *, alt: str | None = None, caption: str | None = None) -> Media:
    """Say what a picture shows; None leaves what was said before. Raises NotFoundError."""
    media = find_media_by_hash(session, digest)
    before = media.alt
    if alt is not None:
        media.alt = alt.strip()
    if caption is not None:
        media.caption = caption.strip()
    session.flush()
    if media.alt != before:
        tell_of_change(session, media.id)
    return media


def request_variants(session: Session, media: Media) -> None:
    """Have the smaller and better packed forms of a picture made, if it can have any and has none."""
    if media.variants_made_at is None and can_have_variants(media.content_type):
        _request(session, media.id)


def remake_variants(session: Session, media_id: int) -> None:
    """Have forms made again whose files are gone."""
    _request(session, media_id)


def request_missing_variants(session: Session) -> None:
    """Have the forms made of all pictures that were stored without asking for them."""
    types = [media_type.content_type for media_type in SOURCES]
    chosen = select(Media.id).where(Media.variants_made_at.is_(None), Media.content_type.in_(types))
    for media_id in session.scalars(chosen.order_by(Media.id.desc()).limit(MOST_REQUESTS)):
        _request(session, media_id)


def request_missing_variants_later(session: Session) -> None:
    """Have somebody look which pictures have no forms; for whoever has just stored thousands."""
    enqueue(session, "media.variants_missing", {}, key="media.variants_missing")


def store_variants(session: Session, media_id: int, made: Mapping[Variant, int]) -> None:
    """Note which forms there are now; the pages that show the picture follow when that is news.

    A picture that was deleted meanwhile is none of our business.
    """
    media = session.get(Media, media_id, with_for_update={"key_share": True})
    if media is None:
        return
    known = list_variants(session.connection(), [media_id]).get(media_id, {})
    media.variants_made_at = func.now()
    if known == made:
        return
    session.execute(delete(MediaVariant).where(MediaVariant.media_id == media_id))
    session.add_all(
        MediaVariant(media_id=media_id, width=variant.width, format=variant.format, size_bytes=size_bytes)
        for variant, size_bytes in made.items()
    )
    session.flush()
    if known.keys() != made.keys():
        tell_of_change(session, media_id)


def forget_copies_later(session: Session, media: Media) -> None:
    """Have the copies of a deleted file removed from the cache, once it is really gone."""
    enqueue(session, "media.forget", {"hash": media.hash})


def tell_of_change(session: Session, media_id: int) -> None:
    """Have the pages that show a file made anew."""
    enqueue(session, "media.changed", {"media_id": media_id}, key=f"media.changed {media_id}")


def _request(session: Session, media_id: int) -> None:
    enqueue(session, "media.variants", {"media_id": media_id}, key=f"media.variants {media_id}")
