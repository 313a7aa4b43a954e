from sqlalchemy.orm import Session

from homeport.media.actions import describe_media
from homeport.media.store import DatabaseMediaStore
from tests.factories.media import MAX_BYTES, a_picture


def test_a_picture_is_described_without_losing_what_was_said_before(session: Session) -> None:
    media = DatabaseMediaStore().put(session, a_picture(), "a.png", max_bytes=MAX_BYTES, alt="Old")
    describe_media(session, media.hash, caption=" At dawn ")
    assert (media.alt, media.caption) == ("Old", "At dawn")
    describe_media(session, media.hash, alt="A harbour")
    assert (media.alt, media.caption) == ("A harbour", "At dawn")
