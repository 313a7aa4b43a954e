from homeport.blog.naming import free_slug, is_named_by_itself, is_slug_taken
from tests.factories.blog import make_draft, make_entry, make_page


class TestFreeSlug:
    def test_one_that_nobody_has_stays(self, session):
        make_entry(session, slug="first-light-2")
        assert free_slug(session, "first-light", "article") == "first-light"

    def test_others_get_the_next_number(self, session):
        for slug in ("one", "one-2", "one-4"):
            make_entry(session, slug=slug)
        assert free_slug(session, "one", "article") == "one-3"

    def test_pages_have_addresses_of_their_own(self, session):
        make_page(session, slug="one")
        assert free_slug(session, "one", "article") == "one"
        assert free_slug(session, "one", "page") == "one-2"

    def test_the_longest_keeps_its_length(self, session):
        longest = "x" * 120
        make_entry(session, slug=longest)
        assert len(free_slug(session, longest, "article")) <= 120


def test_an_entry_does_not_stand_in_its_own_way(session):
    entry = make_entry(session, slug="one")
    assert not is_slug_taken(session, "one", "article", entry_id=entry.id)
    assert is_slug_taken(session, "one", "article")


class TestIsNamedByItself:
    def test_a_draft_whose_slug_is_its_titles(self, session):
        assert is_named_by_itself(session, make_draft(session, title="First light"))

    def test_one_that_got_a_number(self, session):
        make_draft(session, title="First light")
        assert is_named_by_itself(session, make_draft(session, title="First light", slug="first-light-2"))

    def test_not_one_that_was_chosen(self, session):
        assert not is_named_by_itself(session, make_draft(session, title="First light", slug="dawn"))

    def test_not_one_that_readers_know(self, session):
        assert not is_named_by_itself(session, make_entry(session, title="First light"))
