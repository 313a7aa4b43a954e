"""Links and images of a text that was written here, not imported."""

import pytest
from sqlalchemy.orm import Session

from homeport.blog.actions import change_site
from homeport.blog.rendering import Target
from homeport.blog.targets import find_targets
from homeport.media.models import Media
from tests.factories.blog import make_draft, make_entry

HASH = "0a" * 16


@pytest.fixture
def media(session: Session) -> Media:
    media = Media(hash=HASH, original_hash="", name="hill.jpg", content_type="image/jpeg", size_bytes=1)
    session.add(media)
    session.flush()
    return media


def test_a_path_leads_to_its_entry_whatever_fragment_it_has(session: Session) -> None:
    entry = make_entry(session, slug="first-light")
    assert find_targets(session, "[a](/posts/first-light#end)") == {
        ("link", "/posts/first-light#end"): Target(entry_id=entry.id)
    }


def test_a_draft_can_be_linked_before_it_is_public(session: Session) -> None:
    entry = make_draft(session, slug="soon")
    assert find_targets(session, "[a](/posts/soon)") == {("link", "/posts/soon"): Target(entry_id=entry.id)}


def test_a_picture_is_known_by_the_hash_in_its_path(session: Session, media: Media) -> None:
    written = f"/media/{HASH}/any-name.jpg"
    assert find_targets(session, f"![A hill]({written})") == {("image", written): Target(media_id=media.id)}


def test_the_sites_own_address_counts_as_here(session: Session) -> None:
    change_site(session, address="https://example.org")
    entry = make_entry(session, slug="one")
    assert find_targets(session, "[a](https://example.org/posts/one)") == {
        ("link", "https://example.org/posts/one"): Target(entry_id=entry.id)
    }


@pytest.mark.parametrize(
    "written", ["https://elsewhere.example/posts/one", "//elsewhere.example/posts/one", "posts/one", "#one", "/unknown"]
)
def test_everything_else_stays_as_written(session: Session, written: str) -> None:
    make_entry(session, slug="one")
    assert find_targets(session, f"[a]({written})") == {}
