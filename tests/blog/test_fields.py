from dataclasses import replace

from sqlalchemy import select

from homeport.accounts.models import Author
from homeport.blog.drafts import draft_of
from homeport.blog.fields import fields_of, find_authors, input_of_fields
from homeport.blog.models import Tag
from homeport.blog.writing import blank_fields
from tests.factories.blog import make_draft, make_entry
from tests.factories.members import make_member


def test_what_is_shown_leads_back_to_the_same_tags_series_and_authors(session):
    session.add_all([Tag(slug="c", title="C++"), Tag(slug="a-b", title="A, b"), Author(slug="king", name="King, Jr.")])
    session.add_all([Author(slug="ada", name="Ada"), Author(slug="ada-2", name="ada")])
    session.flush()
    entry = make_entry(session, tags=("c", "a-b", "The web"), series="A year", authors=("King",))
    entry.bylines[0].author_id = session.scalars(select(Author.id).where(Author.slug == "ada-2")).one()
    session.flush()
    fields = fields_of(session, entry)
    assert fields.tags == ("c", "a-b", "The web")
    assert fields.authors == ("ada-2",)
    given = input_of_fields(session, fields, entry)
    assert [author.slug for author in given.authors] == ["ada-2"]
    assert given.series == "A year"


def test_authors_are_found_by_slug_or_name_and_new_ones_stay_names(session):
    session.add(Author(slug="ada-l", name="Ada Lovelace"))
    session.flush()
    found = find_authors(session, ("ada lovelace", "ada-l", "Grace"))
    assert [(author.name, author.slug) for author in found] == [
        ("Ada Lovelace", "ada-l"),
        ("Ada Lovelace", "ada-l"),
        ("Grace", ""),
    ]


def test_notes_may_have_no_title_and_articles_an_empty_one(session):
    note = fields_of(session, make_draft(session, kind="note", title=None))
    article = fields_of(session, make_draft(session, title=""))
    assert input_of_fields(session, note).title is None
    assert input_of_fields(session, article).title == ""


def test_what_the_form_does_not_show_stays(session):
    entry = make_entry(session, front_matter="---\nodd: 1\n---\n", state="unlisted")
    given = input_of_fields(session, fields_of(session, entry), entry)
    assert (given.front_matter, given.state) == (entry.front_matter, "unlisted")


def test_a_name_with_a_comma_is_signed_by_its_slug(session):
    member = make_member(session)
    session.get_one(Author, member.author_id).name = "King, Jr."
    session.flush()
    assert blank_fields(session, replace(member, display_name="King, Jr.")).authors == (member.author_slug,)


def test_a_draft_without_anything_over_it_shows_its_own(session):
    entry = make_draft(session)
    draft = draft_of(session, entry)
    assert draft.fields == draft.own
    assert draft.state == "draft"
