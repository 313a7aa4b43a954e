import pytest

from homeport.blog.leading import lead_path
from homeport.comments.models import Response
from homeport.media.actions import add_upload
from homeport.search.index import index_entry
from homeport.search.queries import Found, best_first, find_everything
from tests.factories.blog import make_entry
from tests.factories.media import MAX_BYTES, a_picture
from tests.factories.members import sign_in


@pytest.fixture
def entries(session):
    titled = make_entry(session, title="Ownership in Rust", source="short", authors=("Ada",))
    inside = make_entry(session, title="Other", source="about ownership, at length", tags=("rust",))
    for entry in (titled, inside):
        index_entry(session, entry.id)
    return titled, inside


def test_the_beginning_of_a_word_finds_it_and_titles_come_first(connection, entries):
    found = [each.title for each in find_everything(connection, "OWNER") if each.kind == "entry"]
    assert found == ["Ownership in Rust", "Other"]


def test_all_words_have_to_be_there(connection, entries):
    assert [each.title for each in find_everything(connection, "rust length")] == ["Other"]


def test_tags_and_comments_are_found_too(session, connection, entries):
    session.add(Response(entry_id=entries[0].id, writer_name="Bo", text="I rust with time", html=""))
    session.flush()
    assert {each.kind for each in find_everything(connection, "rust")} == {"entry", "tag", "comment"}


def test_what_is_found_can_be_opened(session, client, connection, entries):
    member = sign_in(session, client, "owner")
    session.add(Response(entry_id=entries[0].id, writer_name="Bo", text="I rust with time", html=""))
    add_upload(session, a_picture(), "Rust & dust.png", max_bytes=MAX_BYTES, account_id=member.account_id)
    found = find_everything(connection, "rust")
    assert {each.kind for each in found} == {"entry", "media", "tag", "comment"}
    assert [each.path for each in found if client.get(each.path).status_code != 200] == []


def test_series_redirects_and_people_are_found(session, client, connection):
    make_entry(session, title="Part one", series="Rustic walks")
    lead_path(session, "/old/rust.html", "https://example.org/")
    sign_in(session, client, "owner", name="rusty")
    session.flush()
    found = find_everything(connection, "rust", with_people=True)
    assert {each.kind for each in found} == {"series", "redirect", "person"}
    assert [each.path for each in found if client.get(each.path).status_code != 200] == []
    assert "person" not in {each.kind for each in find_everything(connection, "rust")}


@pytest.mark.parametrize(("role", "pages"), [("owner", ["/studio/settings"]), ("author", [])])
def test_a_setting_is_found_by_who_may_change_it(session, client, role, pages):
    sign_in(session, client, role)
    found = client.get("/studio/search?q=Accent", headers={"Accept": "application/json"}).json
    assert [each["path"] for each in found] == pages


def test_an_author_finds_their_own_entries_only(connection, entries):
    titled, _ = entries
    author_id = titled.bylines[0].author_id
    assert [each.title for each in find_everything(connection, "ownership", author_id=author_id)] == [titled.title]


@pytest.mark.parametrize("asked", ["", "%", "_", "'", "\\", "a\x00b", "!!", "x" * 5000, ":*", "a\ud800"])
def test_nothing_that_is_typed_breaks_the_search(connection, entries, asked):
    assert isinstance(find_everything(connection, asked), tuple)


def test_a_title_that_begins_so_is_found_among_many_that_say_it_more_often(session, connection):
    for number in range(30):
        index_entry(
            session, make_entry(session, slug=f"e{number}", title=f"Of ships {number}", source="ships " * 50).id
        )
    index_entry(session, make_entry(session, slug="first", title="Ships that pass", source="Words.").id)
    assert find_everything(connection, "ships")[0].title == "Ships that pass"


def test_names_come_before_words():
    found = [Found("page", name, "", "") for name in ("About ships", "Midships", "Harbour", "Ships")]
    assert [each.title for each in best_first("ships", *found)] == ["Ships", "About ships", "Midships", "Harbour"]
