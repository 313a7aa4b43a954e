"""The forms of a picture from its upload to the page: made once, found again, made again when the cache is gone."""

import shutil

import pytest
from sqlalchemy import delete, select

from homeport.media.actions import request_variants
from homeport.media.cachefolder import media_cache
from homeport.media.jobs import make_missing_variants, make_variants
from homeport.media.models import Media, MediaVariant
from homeport.media.store import DatabaseMediaStore
from homeport.media.workshop import VariantsError
from tests.factories.jobs import waiting_jobs
from tests.factories.media import MAX_BYTES, a_drawing, a_noise, a_picture, an_animation


@pytest.fixture
def store(jobs):
    """Store a file for good; all of them are gone after the test."""

    def put(data: bytes, name: str = "a.png") -> int:
        with jobs.transaction() as session:
            media = DatabaseMediaStore().put(session, data, name, max_bytes=MAX_BYTES)
            request_variants(session, media)
            return media.id

    yield put
    with jobs.transaction() as session:
        session.execute(delete(Media))


def made_of(database) -> set[tuple[str, int]]:
    with database.transaction() as session:
        return {(row.format, row.width) for row in session.scalars(select(MediaVariant))}


def kinds(database) -> list[str]:
    return [job.kind for job in waiting_jobs(database)]


def test_a_picture_asks_for_its_forms_and_a_drawing_does_not(jobs, store):
    store(a_picture())
    store(a_drawing(), "b.svg")
    assert kinds(jobs) == ["media.variants"]


def test_forms_are_made_noted_and_told(jobs, settings, store):
    number = store(a_noise(size=(1000, 500)))
    make_variants(jobs, settings, {"media_id": number})
    assert {("avif", 480), ("avif", 800), ("avif", 1000), ("webp", 480), ("original", 480)} <= made_of(jobs)
    assert kinds(jobs) == ["media.variants", "media.changed"]
    with jobs.transaction() as session:
        media = session.get(Media, number)
        for variant in session.scalars(select(MediaVariant)):
            assert variant.size_bytes < media.size_bytes
        name = "480.avif"
        assert media_cache(settings.paths).find_variant(media.hash, name)
    assert not list(media_cache(settings.paths).folder.glob(".making-*"))


def test_nothing_larger_than_the_original_is_offered(jobs, settings, store):
    number = store(a_picture(size=(500, 250)))
    with jobs.transaction() as session:
        size_bytes = session.get(Media, number).size_bytes
    make_variants(jobs, settings, {"media_id": number})
    with jobs.transaction() as session:
        assert all(variant.size_bytes < size_bytes for variant in session.scalars(select(MediaVariant)))
        assert session.get(Media, number).variants_made_at is not None


def test_done_again_it_finds_its_work_done_and_tells_nobody(jobs, settings, store):
    number = store(a_noise(size=(600, 300)))
    for _ in range(2):
        make_variants(jobs, settings, {"media_id": number})
    assert kinds(jobs).count("media.changed") == 1


def test_files_that_are_gone_are_made_again_and_pages_stay_as_they_are(jobs, settings, store):
    number = store(a_noise(size=(600, 300)))
    make_variants(jobs, settings, {"media_id": number})
    before = made_of(jobs)
    with jobs.transaction() as session:
        digest = session.get(Media, number).hash
    shutil.rmtree(settings.paths.cache)
    make_variants(jobs, settings, {"media_id": number})
    assert media_cache(settings.paths).find_variant(digest, "480.avif")
    assert made_of(jobs) == before
    assert kinds(jobs).count("media.changed") == 1


def test_a_picture_that_cannot_be_decoded_is_told_and_not_tried_every_day(jobs, settings, store, monkeypatch):
    number = store(a_noise(size=(600, 300)))
    monkeypatch.setattr("homeport.media.workshop.LONGEST_SECONDS", 0.01)
    with pytest.raises(VariantsError):
        make_variants(jobs, settings, {"media_id": number})
    with jobs.transaction() as session:
        assert session.get(Media, number).variants_made_at is not None


def test_what_moves_or_is_gone_is_no_failure(jobs, settings, store):
    number = store(an_animation(), "a.gif")
    make_variants(jobs, settings, {"media_id": number})
    make_variants(jobs, settings, {"media_id": number + 1000})
    assert made_of(jobs) == set()


def test_what_was_stored_without_asking_is_found(jobs, settings, store):
    with jobs.transaction() as session:
        DatabaseMediaStore().put(session, a_picture(), "a.png", max_bytes=MAX_BYTES)
        DatabaseMediaStore().put(session, a_drawing(), "b.svg", max_bytes=MAX_BYTES)
    make_missing_variants(jobs, settings, {})
    make_missing_variants(jobs, settings, {})
    assert kinds(jobs) == ["media.variants"]
