import pytest
from sqlalchemy import select

from homeport.blog import taxonomy
from homeport.blog.models import Entry
from homeport.blog.taxonomy import TagTakenError, delete_series, delete_tag
from homeport.errors import InvalidError, NotFoundError
from homeport.site.models import Gone
from tests.factories.blog import make_entry


def test_a_renamed_tags_old_address_leads_on(session, client):
    make_entry(session, tags=("JS",))
    taxonomy.rename_tag(session, "js", "javascript", "JavaScript")
    answer = client.get("/tags/js")
    assert (answer.status_code, answer.location) == (301, "/tags/javascript")
    assert "JavaScript" in client.get("/tags/javascript").text


def test_a_renamed_tags_feed_leads_on_too(session, client):
    make_entry(session, tags=("JS",))
    taxonomy.rename_tag(session, "js", "javascript")
    assert client.get("/tags/js/feed.atom").location == "/tags/javascript/feed.atom"


def test_merged_tags_are_one_and_both_addresses_lead_there(session, client):
    both = make_entry(session, tags=("JS", "JavaScript"), title="Both")
    make_entry(session, tags=("JS",), title="Only one")
    taxonomy.rename_tag(session, "js", "ecmascript")
    taxonomy.merge_tags(session, "ecmascript", "javascript")
    page = client.get("/tags/javascript").text
    assert "Both" in page
    assert "Only one" in page
    assert client.get("/tags/ecmascript").location == "/tags/javascript"
    assert client.get("/tags/js").location == "/tags/javascript"
    session.refresh(both, ["taggings"])
    assert len(both.taggings) == 1


def test_an_entry_tagged_by_a_former_name_gets_the_tag_of_today(session):
    make_entry(session, tags=("JS",))
    tag = taxonomy.rename_tag(session, "js", "javascript")
    assert taxonomy.find_or_create_tag(session, "JS").id == tag.id


def test_a_tag_cannot_take_the_name_of_another(session):
    make_entry(session, tags=("a1", "b1"))
    with pytest.raises(TagTakenError):
        taxonomy.rename_tag(session, "a1", "b1")


def test_a_tag_is_not_merged_into_itself_or_into_nothing(session):
    make_entry(session, tags=("a1",))
    with pytest.raises(InvalidError):
        taxonomy.merge_tags(session, "a1", "a1")
    with pytest.raises(NotFoundError):
        taxonomy.merge_tags(session, "a1", "missing")


def test_what_is_said_about_a_tag_or_series_stands_on_its_page(session, client):
    make_entry(session, tags=("maps",), series="Trains")
    taxonomy.describe_tag(session, "maps", title="Cartography", description="Where things are.")
    taxonomy.describe_series(session, "trains", description="From A to B.")
    assert "Where things are." in client.get("/tags/maps").text
    assert "From A to B." in client.get("/series/trains").text


def test_a_tag_that_was_deleted_is_gone_and_its_entries_stay(session):
    entry = make_entry(session, tags=("Sky",))
    delete_tag(session, "sky")
    session.expire_all()
    assert session.scalars(select(Gone.path)).all() == ["/tags/sky"]
    assert session.get(Entry, entry.id) is not None


def test_a_series_that_was_deleted_is_gone_and_its_entries_are_as_old_as_before(session):
    entry = make_entry(session, series="Letters")
    session.refresh(entry, ["modified_at"])
    before = entry.modified_at
    delete_series(session, "letters")
    session.expire_all()
    assert (entry.series_id, entry.modified_at) == (None, before)
    assert session.scalars(select(Gone.path)).all() == ["/series/letters"]
