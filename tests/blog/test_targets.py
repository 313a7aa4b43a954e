"""Links and images of a text that was written here, not imported."""

import pytest
from sqlalchemy.orm import Session

from homeport.blog.actions import change_site
from homeport.blog.rendering import Target
from homeport.blog.targets import find_targets, render_linked
from homeport.media.models import Media
from homeport.text.markdown import RenderOptions
from tests.factories.blog import make_draft, make_entry, make_page
from tests.factories.statements import recorded

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


def test_a_slug_alone_leads_to_the_post_or_else_the_page(session: Session) -> None:
    make_page(session, slug="one")
    post, page = make_entry(session, slug="one"), make_page(session, slug="about")
    assert find_targets(session, "[a](one#end) [b](about) ![c](one)") == {
        ("link", "one#end"): Target(entry_id=post.id),
        ("link", "about"): Target(entry_id=page.id),
    }


class TestRenderLinked:
    def rendered(self, session, source, known=None):
        return render_linked(session, source, RenderOptions(), title="", known=known or {})

    def test_links_lead_to_where_the_entry_lives(self, session):
        entry = make_entry(session, slug="one")
        rendered, targets = self.rendered(session, "[a](one) [b][c]\n\n[c]: /posts/one\n")
        assert rendered.html.count('href="/posts/one"') == 2
        assert set(targets.values()) == {Target(entry_id=entry.id)}

    def test_a_link_keeps_leading_to_what_it_was_made_for(self, session):
        old, _new = make_entry(session, slug="moved"), make_entry(session, slug="one")
        known = {("link", "/posts/one"): Target(entry_id=old.id)}
        rendered, targets = self.rendered(session, "[a](/posts/one)", known)
        assert 'href="/posts/moved"' in rendered.html
        assert targets == known

    def test_a_link_to_nothing_leads_on_as_soon_as_there_is_something(self, session):
        make_entry(session, slug="one")
        _, targets = self.rendered(session, "[a](/posts/one)", {("link", "/posts/one"): Target()})
        assert targets[("link", "/posts/one")].entry_id

    def test_an_address_written_in_an_unusual_way_is_found_too(self, session):
        entry = make_entry(session, slug="one")
        rendered, targets = self.rendered(session, "[a](/posts\\/one) and `[b](/posts/two)`")
        assert targets == {("link", "/posts/one"): Target(entry_id=entry.id)}
        assert 'href="/posts/one"' in rendered.html

    def test_any_number_of_links_costs_the_same_statements(self, session, connection):
        for slug in ("one", "two", "three"):
            make_entry(session, slug=slug)
        with recorded(connection) as few:
            self.rendered(session, "[a](/posts/one) [b](two)")
        with recorded(connection) as many:
            self.rendered(session, "[a](/posts/one) [b](/posts/two) [c](three)")
        assert len(many) == len(few)
