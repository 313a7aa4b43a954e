import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from homeport.media.errors import ActivePictureError, MediaTooLargeError
from homeport.media.models import Media, MediaBlob
from homeport.media.prepare import content_hash, prepare
from homeport.media.store import DatabaseMediaStore
from tests.factories.media import MAX_BYTES, SECRET, a_drawing, a_photo, a_picture

STORE = DatabaseMediaStore()


def put(session: Session, data: bytes, name: str = "photo.jpg", **facts: str) -> Media:
    return STORE.put(session, data, name, max_bytes=MAX_BYTES, **facts)


class TestPut:
    def test_a_photo_is_stored_clean_and_found_by_its_hash(self, session: Session, connection: Connection) -> None:
        media = put(session, a_photo(), "My Photo.JPG", alt="A harbour")
        found = STORE.read(connection, media.hash)
        assert found is not None
        assert SECRET not in found.data
        assert content_hash(found.data) == media.hash
        assert (found.name, found.content_type, media.size_bytes) == ("my-photo.jpg", "image/jpeg", len(found.data))
        assert (media.width, media.height, media.alt) == (80, 40, "A harbour")
        assert media.path == f"/media/{media.hash}/my-photo.jpg"

    def test_the_same_file_again_is_the_same_row(self, session: Session) -> None:
        first = put(session, a_photo(), "first.jpg")
        assert put(session, a_photo(), "second.jpg", alt="Seen") is first
        assert (first.name, first.alt) == ("first.jpg", "Seen")
        assert session.scalar(select(func.count()).select_from(MediaBlob)) == 1

    def test_what_was_said_about_it_is_not_overwritten(self, session: Session) -> None:
        put(session, a_photo(), alt="First", source_url="https://a.example/x.jpg")
        again = put(session, a_photo(), alt="Second", source_url="https://b.example/y.jpg")
        assert (again.alt, again.source_url) == ("First", "https://a.example/x.jpg")

    def test_the_stored_bytes_given_again_are_recognised(self, session: Session, connection: Connection) -> None:
        media = put(session, a_photo())
        stored = STORE.read(connection, media.hash)
        assert stored is not None
        assert put(session, stored.data, "exported.jpg") is media

    def test_two_photos_that_differ_in_notes_only_are_one(self, session: Session) -> None:
        plain = prepare(a_photo(), "a.jpg", max_bytes=MAX_BYTES).data
        assert put(session, a_photo()) is put(session, plain)

    def test_a_refused_file_leaves_nothing_behind(self, session: Session) -> None:
        with pytest.raises(MediaTooLargeError):
            STORE.put(session, b"x" * 20, "x.txt", max_bytes=10)
        assert session.scalar(select(func.count()).select_from(Media)) == 0

    def test_a_drawing_with_a_program_is_taken_only_without_it(self, session: Session) -> None:
        drawing = a_drawing("<script>x()</script>")
        with pytest.raises(ActivePictureError):
            put(session, drawing, "a.svg")
        media = DatabaseMediaStore(programs="remove").put(session, drawing, "a.svg", max_bytes=MAX_BYTES)
        assert media.content_type == "image/svg+xml"


def test_what_was_never_stored_is_not_found(connection: Connection) -> None:
    assert STORE.read(connection, "0" * 32) is None


def test_a_file_of_every_byte_comes_back_as_it_went_in(session: Session, connection: Connection) -> None:
    data = b"%PDF-1.7\n" + bytes(range(256)) * 64
    media = put(session, data, "paper.pdf")
    found = STORE.read(connection, media.hash)
    assert found is not None
    assert found.data == data


def test_bytes_that_are_compressed_already_are_not_compressed_again(connection: Connection) -> None:
    storage = "select attstorage::text from pg_attribute where attrelid = 'media_blob'::regclass and attname = 'data'"
    assert connection.execute(text(storage)).scalar_one() == "e"


def test_a_prepared_file_is_kept_without_being_judged_again(session: Session) -> None:
    prepared = prepare(a_picture(), "a.png", max_bytes=MAX_BYTES)
    assert STORE.keep(session, prepared).hash == prepared.hash
