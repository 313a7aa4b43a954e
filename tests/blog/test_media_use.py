from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, select, update

from homeport.blog.media_use import MediaInUseError, delete_media, follow_media, list_media_uses, rerender_entry
from homeport.blog.models import Byline, Entry, Reference
from homeport.blog.targets import find_targets
from homeport.jobs.models import Job
from homeport.media.actions import describe_media, store_variants
from homeport.media.models import Media
from homeport.media.store import DatabaseMediaStore
from homeport.media.variants import Variant
from tests.factories.blog import make_draft, make_entry
from tests.factories.media import MAX_BYTES, a_picture
from tests.factories.members import make_member

FORMS = {Variant("avif", 40): 100, Variant("avif", 80): 200, Variant("original", 40): 100}


@pytest.fixture
def picture(session) -> Media:
    media = DatabaseMediaStore().put(session, a_picture(), "harbour.png", max_bytes=MAX_BYTES)
    session.flush()
    return media


@pytest.fixture
def entry(session, picture) -> Entry:
    """An entry that shows the picture."""
    source = f"![The harbour]({picture.path})\n"
    return make_entry(session, title="Harbour", source=source, targets=find_targets(session, source))


def follow(own_database, settings, session, picture):
    """Do what the jobs do once a picture has changed."""
    follow_media(own_database, settings, {"media_id": picture.id})
    for job in session.scalars(select(Job).where(Job.kind == "blog.rerender")):
        rerender_entry(own_database, settings, job.payload)
    session.expire_all()


def test_a_page_is_right_before_and_after_the_forms_exist(session, own_database, settings, client, picture, entry):
    before = client.get(entry.path).text
    assert f'<img src="{picture.path}" alt="The harbour" width="80" height="40"' in before
    assert "<picture>" not in before
    store_variants(session, picture.id, FORMS)
    follow(own_database, settings, session, picture)
    after = client.get(entry.path).text
    assert f'<source type="image/avif" srcset="/media/{picture.hash}/w/40.avif 40w, ' in after
    assert f'<img src="{picture.path}" alt="The harbour" width="80" height="40"' in after
    assert f'srcset="/media/{picture.hash}/w/40.png 40w, {picture.path} 80w"' in after


def test_the_image_above_an_entry_has_its_forms_too(session, client, picture):
    entry = make_entry(session, title="Harbour", cover_media_id=picture.id, cover_alt="The harbour")
    plain = f'<img class="u-featured" src="{picture.path}" alt="The harbour" width="80" height="40"'
    assert f'<figure class="cover">{plain} fetchpriority="high"></figure>' in client.get(entry.path).text
    store_variants(session, picture.id, FORMS)
    page = client.get(entry.path).text
    base = f"/media/{picture.hash}/w"
    assert f'<picture><source type="image/avif" srcset="{base}/40.avif 40w, {base}/80.avif 80w" sizes="(max-' in page
    assert f'{plain} srcset="{base}/40.png 40w, {picture.path} 80w" sizes="(max-width: 80px)' in page


def test_a_new_description_reaches_the_pages_that_have_none_of_their_own(
    session, own_database, settings, client, picture
):
    source = f"![]({picture.path})\n"
    entry = make_entry(session, source=source, targets=find_targets(session, source))
    describe_media(session, picture.hash, alt="Boats at dawn")
    follow(own_database, settings, session, picture)
    assert 'alt="Boats at dawn"' in client.get(entry.path).text


def test_what_only_shows_a_picture_anew_does_not_count_as_changed(
    session, own_database, settings, client, picture, entry
):
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    session.execute(update(Entry).values(modified_at=long_ago))
    store_variants(session, picture.id, FORMS)
    follow(own_database, settings, session, picture)
    assert "<picture>" in session.scalars(select(Entry.html)).one()
    assert session.scalars(select(Entry.modified_at)).one() == long_ago


def test_an_entry_that_went_meanwhile_is_no_failure(session, own_database, settings, entry):
    session.execute(update(Entry).values(deleted_at=func.now()))
    rerender_entry(own_database, settings, {"entry_id": entry.id})
    session.execute(delete(Reference))
    rerender_entry(own_database, settings, {"entry_id": 0})


class TestUses:
    def test_text_and_cover_both_count_and_once(self, session, picture, entry):
        entry.cover_media_id = picture.id
        other = make_entry(session, title="Other", cover_media_id=picture.id)
        session.flush()
        uses = list_media_uses(session.connection(), [picture.id])[picture.id]
        assert [use.title for use in uses] == ["Other", "Harbour"]
        assert uses[0].href == f"/studio/entries/{other.public_id}"

    def test_what_others_have_not_published_keeps_its_title(self, session, picture, entry):
        ada, _bob = (make_member(session, "author") for _ in range(2))
        mine = make_draft(session, title="Mine", cover_media_id=picture.id, authors=[ada.display_name])
        make_draft(session, title="Secret", cover_media_id=picture.id)
        session.execute(update(Byline).where(Byline.entry_id == mine.id).values(author_id=ada.author_id))
        uses = list_media_uses(session.connection(), [picture.id], author_id=ada.author_id)[picture.id]
        assert [(use.title, use.href) for use in uses] == [
            ("somebody else’s draft", ""),
            ("Mine", f"/studio/entries/{mine.public_id}"),
            ("Harbour", entry.path),
        ]

    def test_a_deleted_entry_does_not_count(self, session, picture, entry):
        session.execute(update(Entry).values(deleted_at=func.now()))
        assert list_media_uses(session.connection(), [picture.id]) == {}


class TestDeleting:
    def test_what_nobody_shows_goes_with_its_bytes(self, session, picture):
        delete_media(session, picture)
        assert session.scalars(select(Media)).all() == []

    def test_what_is_shown_stays_and_the_refusal_says_where(self, session, picture, entry):
        with pytest.raises(MediaInUseError, match=r"harbour\.png is used in “Harbour”"):
            delete_media(session, picture)

    def test_known_to_be_shown_it_goes_and_the_page_has_no_broken_image(self, session, client, picture, entry):
        entry.cover_media_id = picture.id
        session.flush()
        delete_media(session, picture, although_used=True)
        session.expire_all()
        page = client.get(entry.path).text
        assert "/media/" not in page
        assert "The harbour" in page

    def test_an_entry_that_waits_in_the_bin_does_not_keep_it(self, session, picture, entry):
        session.execute(update(Entry).values(deleted_at=func.now()))
        delete_media(session, picture)
        assert session.scalars(select(Media)).all() == []
