import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from homeport.errors import NotFoundError
from homeport.media.queries import find_media_by_hash, list_media, map_sources
from homeport.media.store import DatabaseMediaStore
from tests.factories.media import MAX_BYTES, a_picture


def test_media_are_listed_the_newest_first(session: Session, connection: Connection) -> None:
    for name in ("one.png", "two.png"):
        size = (len(name) * 3, 8) if name == "one.png" else (9, 9)
        DatabaseMediaStore().put(session, a_picture(size=size), name, max_bytes=MAX_BYTES)
    session.flush()
    rows = list_media(connection)
    assert [row.name for row in rows] == ["two.png", "one.png"]
    assert rows[1].path == f"/media/{rows[1].hash}/one.png"


def test_fetched_media_are_known_by_where_they_came_from(session: Session, connection: Connection) -> None:
    url = "https://example.org/a.png"
    media = DatabaseMediaStore().put(session, a_picture(), "a.png", max_bytes=MAX_BYTES, source_url=url)
    DatabaseMediaStore().put(session, a_picture(size=(3, 3)), "b.png", max_bytes=MAX_BYTES)
    session.flush()
    assert map_sources(connection) == {url: media.id}


def test_an_unknown_hash_is_an_error_with_a_remedy(session: Session) -> None:
    with pytest.raises(NotFoundError) as missing:
        find_media_by_hash(session, "0" * 32)
    assert "media list" in missing.value.hint
