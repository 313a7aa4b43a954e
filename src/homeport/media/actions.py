"""Every change of media that is already stored."""

from sqlalchemy.orm import Session

from homeport.media.models import Media
from homeport.media.queries import find_media_by_hash


def describe_media(session: Session, digest: str, *, alt: str | None = None, caption: str | None = None) -> Media:
    """Say what a picture shows; None leaves what was said before. Raises NotFoundError."""
    media = find_media_by_hash(session, digest)
    if alt is not None:
        media.alt = alt.strip()
    if caption is not None:
        media.caption = caption.strip()
    session.flush()
    return media
