from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from homeport.blog import actions, queries
from homeport.blog.actions import EntryInput, PathTakenError, SlugTakenError
from homeport.blog.addressing import SlugError
from homeport.blog.models import Entry
from homeport.blog.queries import find_past
from homeport.blog.rendering import Target
from homeport.blog.versions import EntryRevision
from homeport.errors import NotFoundError
from homeport.site.actions import SiteSettingError
from tests.factories.blog import LONG_AGO, make_draft, make_entry, make_page


class TestCreateEntry:
    def test_source_and_front_matter_are_kept_byte_for_byte(self, session):
        front_matter, source = "---\r\ntitle: X\r\nodd_key: 1\r\n---\r\n", "One\r\n\ttwo  \r\n"
        entry = make_entry(session, front_matter=front_matter, source=source)
        session.expire(entry)
        assert entry.front_matter + entry.source == front_matter + source

    def test_the_html_is_made_when_it_is_saved(self, session):
        entry = make_entry(session, source="Hello *there*")
        assert "<em>there</em>" in entry.html
        assert entry.word_count == 2

    def test_the_slug_is_made_from_the_title(self, session):
        assert make_entry(session, title="Ünïcode & Co.").slug == "unicode-co"

    def test_an_entry_whose_title_has_nothing_for_a_slug_gets_one_from_its_text(self, session):
        assert make_entry(session, title="!!!", source="Some words here").slug == "some-words-here"

    def test_posts_live_by_the_sites_pattern_and_pages_at_the_root(self, session, site):
        site.permalink_pattern = "/{year}/{month}/{slug}/"
        assert make_entry(session, slug="party").path == "/2020/01/party/"
        assert make_page(session, slug="about").path == "/about"

    def test_a_second_entry_cannot_take_a_slug(self, session):
        make_entry(session, slug="same")
        with pytest.raises(SlugTakenError), session.begin_nested():
            make_entry(session, slug="same")

    def test_a_page_may_have_the_slug_of_a_post(self, session):
        make_entry(session, slug="same")
        assert make_page(session, slug="same").path == "/same"

    def test_a_page_cannot_take_the_address_of_a_post(self, session, site):
        site.permalink_pattern = "/{slug}"
        make_entry(session, slug="same")
        with pytest.raises(PathTakenError), session.begin_nested():
            make_page(session, slug="same")

    @pytest.mark.parametrize("slug", ["a/b", "..", "A B", "", "tags"])
    def test_a_slug_that_cannot_stand_in_an_address_is_refused(self, session, slug):
        if slug:
            with pytest.raises(SlugError):
                make_page(session, slug=slug)
        else:
            assert make_page(session, slug=slug, title="Tags").slug == "tags-page"

    def test_a_public_id_that_is_given_is_kept(self, session):
        public_id = uuid4()
        assert make_entry(session, public_id=public_id).public_id == public_id

    def test_something_published_without_a_date_is_published_now(self, session):
        assert make_entry(session, published_at=None).published_at is not None

    def test_authors_and_tags_keep_their_order_and_are_made_once(self, session, connection):
        make_entry(session, tags=("Rust", "Web"), authors=("Ada", "Grace"))
        entry = make_entry(session, tags=("web", "rust", "Web"), authors=("Grace", "Ada"))
        page = queries.find_entry_page(connection, entry.path)
        assert [tag.slug for tag in page.card.tags] == ["web", "rust"]
        assert [author.name for author in page.authors] == ["Grace", "Ada"]
        assert page.card.tags[0].title == "Web"

    def test_a_link_of_any_length_can_be_stored(self, session):
        entry = make_entry(session, source=f"[x](/{'long/' * 2000})")
        assert entry.references == []

    def test_a_post_cannot_live_where_the_site_itself_answers(self, session, site):
        site.permalink_pattern = "/{slug}"
        with pytest.raises(SlugError, match="/archive belongs to the site itself") as refused:
            make_entry(session, slug="archive")
        assert "another slug" in refused.value.hint

    def test_a_post_whose_title_names_a_place_of_the_site_lives_beside_it(self, session, site, client):
        site.permalink_pattern = "/{slug}"
        entry = make_entry(session, title="Archive", source="Old things.")
        session.flush()
        assert "Old things." in client.get(entry.path).text


class TestUpdateEntry:
    def test_the_former_text_becomes_a_revision(self, session):
        entry = make_entry(session, title="Before", source="before")
        actions.update_entry(session, entry, EntryInput(title="After", source="after"), reason="import")
        revision = session.scalars(select(EntryRevision).where(EntryRevision.entry_id == entry.id)).one()
        assert (revision.title, revision.source, revision.reason) == ("Before", "before", "import")
        assert "after" in entry.html

    def test_a_change_that_leaves_the_text_makes_no_revision(self, session):
        entry = make_entry(session, source="same")
        actions.update_entry(session, entry, EntryInput(title="Other", source="same"))
        assert session.scalars(select(EntryRevision)).first() is None

    def test_a_slug_that_is_taken_is_refused_in_words(self, session):
        make_entry(session, slug="taken")
        entry = make_entry(session, slug="free")
        with pytest.raises(SlugTakenError):
            actions.update_entry(session, entry, EntryInput(title="T", source="s", slug="taken"))

    def test_who_takes_the_date_of_a_public_entry_away_leaves_it_where_it_was(self, session):
        entry = make_entry(session, slug="dated")
        was = (entry.published_at, entry.path)
        actions.update_entry(session, entry, EntryInput(title="T", source="s", state="published"))
        assert (entry.published_at, entry.path) == was

    def test_references_follow_the_text(self, session):
        entry = make_entry(session, source="[a](x.md) [b](y.md)")
        actions.update_entry(session, entry, EntryInput(title="T", source="[b](y.md) [c](z.md)"))
        assert {reference.target for reference in entry.references} == {"y.md", "z.md"}


class TestRenameEntry:
    def test_onto_a_slug_that_is_taken_is_refused_in_words(self, session):
        make_entry(session, slug="taken")
        entry = make_entry(session, slug="free")
        with pytest.raises((SlugTakenError, PathTakenError), match=r"another entry (lives at|has the slug) .* already"):
            actions.rename_entry(session, entry, "taken")

    def test_the_old_address_leads_to_the_new_one(self, session, client):
        entry = make_entry(session, slug="old")
        actions.rename_entry(session, entry, "new")
        answer = client.get("/posts/old")
        assert (answer.status_code, answer.location) == (301, "/posts/new")
        assert client.get("/posts/new").status_code == 200

    def test_two_renames_lead_straight_to_where_it_is(self, session, client):
        entry = make_entry(session, slug="first")
        actions.rename_entry(session, entry, "second")
        actions.rename_entry(session, entry, "third")
        assert client.get("/posts/first").location == "/posts/third"

    def test_renaming_back_makes_the_first_address_live_again(self, session, client):
        entry = make_entry(session, slug="first")
        actions.rename_entry(session, entry, "second")
        actions.rename_entry(session, entry, "first")
        assert client.get("/posts/first").status_code == 200
        assert client.get("/posts/second").location == "/posts/first"

    def test_entries_that_link_to_it_lead_to_the_new_address(self, session):
        target = make_entry(session, slug="old")
        linking = make_entry(
            session,
            source="See [it](./old.md#part).",
            targets={("link", "./old.md#part"): Target(entry_id=target.id)},
        )
        assert 'href="/posts/old#part"' in linking.html
        actions.rename_entry(session, target, "new")
        session.refresh(linking)
        assert 'href="/posts/new#part"' in linking.html
        assert linking.source == "See [it](./old.md#part)."

    def test_a_draft_nobody_has_seen_leaves_no_redirect(self, session, connection):
        entry = make_draft(session, slug="old")
        actions.rename_entry(session, entry, "new")
        assert not find_past(connection, "/posts/old").target

    def test_a_new_entry_at_an_old_address_wins_over_the_redirect(self, session, client):
        actions.rename_entry(session, make_entry(session, slug="old"), "new")
        make_entry(session, slug="old", title="The other one")
        assert "The other one" in client.get("/posts/old").text

    def test_a_post_cannot_move_to_where_the_site_itself_answers(self, session, site):
        site.permalink_pattern = "/{slug}"
        entry = make_entry(session, slug="old")
        with pytest.raises(SlugError):
            actions.rename_entry(session, entry, "studio")


class TestAddressesThatReadersKnow:
    def test_an_address_is_remembered_while_the_entry_is_away(self, session, client):
        entry = make_entry(session, slug="alpha")
        actions.unpublish_entry(session, entry)
        actions.rename_entry(session, entry, "beta")
        assert client.get("/posts/alpha").status_code == 404
        actions.publish_entry(session, entry)
        assert client.get("/posts/alpha").location == "/posts/beta"

    def test_deleting_a_draft_that_was_public_once_says_gone(self, session, client):
        entry = make_entry(session, slug="gamma")
        actions.unpublish_entry(session, entry)
        actions.delete_entry(session, entry)
        assert client.get("/posts/gamma").status_code == 410

    def test_every_address_of_a_deleted_entry_says_gone(self, session, client):
        entry = make_entry(session, slug="first")
        actions.rename_entry(session, entry, "second")
        actions.change_site(session, permalink_pattern="/p/{slug}")
        actions.delete_entry(session, entry)
        for path in ("/posts/first", "/posts/second", "/p/second"):
            assert client.get(path).status_code == 410, path

    def test_a_pattern_changed_there_and_back_leaves_nothing_in_the_way(self, session, client):
        entry = make_entry(session, slug="one")
        actions.change_site(session, permalink_pattern="/blog/{slug}")
        actions.change_site(session, permalink_pattern="/posts/{slug}")
        assert client.get("/posts/one").status_code == 200
        actions.delete_entry(session, entry)
        assert client.get("/posts/one").status_code == 410
        assert client.get("/blog/one").status_code == 410

    def test_an_address_that_was_only_to_come_is_known_to_nobody(self, session, client):
        entry = make_entry(session, slug="soon", published_at=datetime.now(UTC) + timedelta(days=1))
        actions.rename_entry(session, entry, "later")
        actions.delete_entry(session, entry)
        assert client.get("/posts/soon").status_code == 404
        assert client.get("/posts/later").status_code == 404


class TestPublishing:
    def test_a_draft_is_never_served(self, session, client):
        entry = make_draft(session, slug="secret", title="Secret plans")
        assert client.get("/posts/secret").status_code == 404
        actions.publish_entry(session, entry)
        assert client.get("/posts/secret").status_code == 200
        actions.unpublish_entry(session, entry)
        assert client.get("/posts/secret").status_code == 404

    def test_a_date_to_come_hides_the_entry_until_then(self, session, client):
        entry = make_draft(session, slug="soon")
        actions.publish_entry(session, entry, datetime.now(UTC) + timedelta(hours=1))
        assert client.get("/posts/soon").status_code == 404
        assert "soon" not in client.get("/").text

    def test_publishing_again_keeps_the_date(self, session):
        entry = make_entry(session)
        actions.publish_entry(session, entry)
        assert entry.published_at == LONG_AGO

    def test_publishing_without_a_date_brings_forward_what_was_to_come(self, session, client):
        entry = make_entry(session, slug="soon", published_at=datetime.now(UTC) + timedelta(days=1))
        actions.publish_entry(session, entry)
        assert client.get("/posts/soon").status_code == 200

    def test_an_entry_put_off_until_later_is_away_until_then(self, session, client):
        entry = make_entry(session, slug="early")
        actions.publish_entry(session, entry, datetime.now(UTC) + timedelta(days=1))
        assert client.get("/posts/early").status_code == 404

    def test_a_draft_gets_its_dated_address_when_it_is_published(self, session, site):
        site.permalink_pattern = "/{year}/{slug}"
        entry = make_draft(session, slug="x")
        assert entry.path is None
        actions.publish_entry(session, entry, LONG_AGO)
        assert entry.path == "/2020/x"

    def test_an_unlisted_entry_is_at_its_address_and_in_no_list(self, session, client):
        entry = make_entry(session, title="Between us", tags=("hush",))
        actions.unlist_entry(session, entry)
        assert client.get(entry.path).status_code == 200
        assert 'content="noindex' in client.get(entry.path).text
        for path in ("/", "/archive", "/tags/hush", "/feed.atom", "/sitemap.xml"):
            assert "Between us" not in client.get(path).text


class TestDeleteEntry:
    def test_readers_are_told_that_it_is_gone(self, session, client):
        entry = make_entry(session, slug="was")
        actions.delete_entry(session, entry)
        assert client.get("/posts/was").status_code == 410
        assert client.get("/posts/never").status_code == 404

    def test_a_draft_that_nobody_saw_is_just_not_there(self, session, client):
        actions.delete_entry(session, make_draft(session, slug="was"))
        assert client.get("/posts/was").status_code == 404

    def test_its_slug_is_free_again(self, session, client):
        actions.delete_entry(session, make_entry(session, slug="was"))
        make_entry(session, slug="was", title="Second life")
        assert client.get("/posts/was").status_code == 200

    def test_it_is_not_found_by_name_any_more(self, session):
        actions.delete_entry(session, make_entry(session, slug="was"))
        with pytest.raises(NotFoundError):
            actions.find_entry(session, "was")


class TestChangeSite:
    def test_addresses_of_the_old_pattern_still_lead_to_their_posts(self, session, client):
        make_entry(session, slug="party")
        actions.change_site(session, permalink_pattern="/{year}/{month}/{slug}/")
        assert client.get("/2020/01/party/").status_code == 200
        assert client.get("/posts/party").location == "/2020/01/party/"

    def test_an_old_pattern_also_serves_entries_that_never_had_its_address(self, session, client):
        actions.change_site(session, permalink_pattern="/{year}/{month}/{slug}/")
        make_entry(session, slug="later")
        assert client.get("/posts/later").location == "/2020/01/later/"

    def test_links_between_entries_follow_the_pattern(self, session):
        target = make_entry(session, slug="old")
        linking = make_entry(session, source="[x](o.md)", targets={("link", "o.md"): Target(entry_id=target.id)})
        actions.change_site(session, permalink_pattern="/p/{slug}")
        session.refresh(linking)
        assert 'href="/p/old"' in linking.html

    def test_a_pattern_by_which_posts_would_collide_is_refused_with_their_names(self, session, client):
        make_entry(session, slug="archive")
        make_entry(session, slug="about")
        make_page(session, slug="about")
        with pytest.raises(SiteSettingError) as refused, session.begin_nested():
            actions.change_site(session, permalink_pattern="/{slug}")
        assert str(refused.value).startswith("permalink_pattern: 2 posts would live where something else does")
        assert "/archive (the site's own)" in str(refused.value)
        assert "/about (a page)" in str(refused.value)
        assert client.get("/posts/archive").status_code == 200

    def test_of_many_posts_that_would_collide_some_are_named(self, session):
        for slug in ("archive", "tags", "series", "studio", "media", "api"):
            make_entry(session, slug=slug)
        with pytest.raises(SiteSettingError, match="and 1 more"):
            actions.change_site(session, permalink_pattern="/{slug}")

    def test_a_setting_of_the_rendering_is_seen_in_every_entry(self, session):
        entry = make_entry(session, source='He said "yes"')
        actions.change_site(session, smart_typography=False)
        session.refresh(entry)
        assert "“" not in entry.html
        actions.change_site(session, smart_typography=True)
        session.refresh(entry)
        assert "“yes”" in entry.html


def test_find_entry_takes_a_slug_or_a_path(session):
    entry = make_entry(session, slug="here")
    assert actions.find_entry(session, "here") is entry
    assert actions.find_entry(session, "/posts/here") is entry


def test_rerendering_many_entries_lets_go_of_them(session):
    ids = [make_entry(session).id for _ in range(3)]
    session.expunge_all()
    assert actions.rerender(session, ids) == 3
    assert not [found for found in session if isinstance(found, Entry)]
