"""Whole Markdown files as programs get and put them."""

import pytest

from homeport.blog.versions import EntryRevision
from tests.factories.blog import make_entry
from tests.factories.media import a_picture

POST = (
    "---\ntitle: First light\ntags: [Sky, Night]\ndescription: The first night.\n---\n\nClear *tonight*.\r\nReally.\n"
)
MARKDOWN = "text/markdown"


@pytest.fixture
def put(program):
    def put(text=POST, path="first-light", *, version=None, **query):
        path = f"/entries/{path}/markdown"
        return program.ask("PUT", path, data=text.encode(), content_type=MARKDOWN, version=version, query_string=query)

    return put


def test_a_file_becomes_an_entry_that_readers_see(put, client):
    answer = put()
    assert (answer.status_code, answer.json["outcome"]) == (201, "created")
    entry = answer.json["entry"]
    assert (entry["title"], entry["tags"], entry["state"]) == ("First light", ["Sky", "Night"], "published")
    assert entry["description"] == "The first night."
    assert "Clear" in client.get(entry["path"]).text


def test_the_same_file_once_more_changes_nothing(put, session):
    before = put().json["entry"]
    answer = put()
    assert (answer.status_code, answer.json) == (200, {"outcome": "unchanged", "warnings": [], "entry": before})
    assert put(path=before["id"]).json["outcome"] == "unchanged"
    assert session.query(EntryRevision).count() == 1


def test_it_comes_back_byte_for_byte(program, put):
    put()
    answer = program.get("/entries/first-light/markdown")
    assert (answer.data, answer.mimetype) == (POST.encode(), MARKDOWN)


def test_another_text_must_say_which_version_it_is_made_of(put):
    assert put().status_code == 201
    assert put(POST.replace("Clear", "Cloudy")).status_code == 428
    assert put(POST.replace("Clear", "Cloudy"), version=1).status_code == 412


def test_another_text_takes_its_place_and_the_former_is_kept(program, put):
    version = put().json["entry"]["version"]
    answer = put(POST.replace("Clear", "Cloudy").replace(", Night", ""), version=version)
    entry = answer.json["entry"]
    assert (answer.json["outcome"], entry["tags"]) == ("changed", ["Sky"])
    assert "Cloudy" in entry["html"]
    assert entry["updated_at"] is not None
    assert answer.headers["ETag"] == f'"{entry["version"]}"'
    former = program.get("/entries/first-light/revisions/1").json
    assert "Clear" in former["source"]


def test_what_the_file_leaves_unsaid_stays_as_it_was_decided_here(program, put):
    version = put().json["entry"]["version"]
    program.patch("/entries/first-light", {"subtitle": "A year later", "tags": ["Sea"]}, version=version)
    program.put("/entries/first-light/publication", {})
    text = program.get("/entries/first-light/markdown").text
    entry = put(text.replace("Clear", "Cloudy"), version="*").json["entry"]
    assert (entry["subtitle"], entry["tags"]) == ("A year later", ["Sea"])


@pytest.mark.parametrize(
    ("said", "query", "state"),
    [
        ("draft: true\n", {}, "draft"),
        ("draft: true\n", {"state": "published"}, "published"),
        ("", {"state": "draft"}, "draft"),
        ("", {"state": "unlisted"}, "unlisted"),
        ("date: 2126-01-01 08:00\n", {}, "scheduled"),
        ("", {"at": "2126-01-01T08:00"}, "scheduled"),
        ("date: 2001-01-01\n", {"at": "2126-01-01T08:00"}, "scheduled"),
    ],
)
def test_the_file_says_whether_readers_see_it_unless_it_is_decided_otherwise(put, said, query, state):
    text = POST.replace("tags:", f"{said}tags:")
    assert put(text, **query).json["entry"]["state"] == state
    assert put(text, **query).json["outcome"] == "unchanged"


def test_a_draft_is_published_by_the_same_file(put):
    version = put(state="draft").json["entry"]["version"]
    answer = put(version=version)
    assert (answer.json["outcome"], answer.json["entry"]["state"]) == ("changed", "published")


def test_no_file_makes_a_draft_of_what_readers_see(put):
    version = put().json["entry"]["version"]
    assert put(state="draft", version=version).status_code == 409


def test_what_is_written_over_it_is_kept_among_the_revisions(program, put):
    version = put().json["entry"]["version"]
    program.patch("/entries/first-light", {"source": "Written over."}, version=version)
    assert put(POST.replace("Clear", "Cloudy"), version="*").json["entry"]["is_changed"] is False
    cards = program.get("/entries/first-light/revisions").json["revisions"]
    sources = [program.get(f"/entries/first-light/revisions/{card['number']}").json["source"] for card in cards]
    assert "Written over." in sources


def test_a_dry_run_says_what_would_be_and_does_nothing(program, put):
    answer = put(dry_run="true")
    assert (answer.status_code, answer.json["outcome"]) == (200, "created")
    assert program.get("/entries/first-light").status_code == 404


def test_its_own_names_of_files_lead_to_stored_ones(program, put):
    kind = "application/octet-stream"
    stored = program.ask("POST", "/media?name=hill.png", data=a_picture(), content_type=kind).json
    text = "---\ntitle: Up\ncover: img/hill.png\n---\n![A hill](img/hill.png) [again](img/hill.png)\n"
    body = {"markdown": text, "media": {"img/hill.png": stored["hash"]}}
    entry = program.put("/entries/up/markdown", body).json["entry"]
    assert entry["html"].count(stored["path"]) == 2
    assert entry["cover"] == stored["hash"]
    assert program.put("/entries/up/markdown", body).json["outcome"] == "unchanged"
    other = program.ask("POST", "/media?name=hill.png", data=a_picture(size=(9, 9)), content_type=kind).json
    body["media"] = {"img/hill.png": other["hash"]}
    changed = program.put("/entries/up/markdown", body, version="*").json
    assert (changed["outcome"], changed["entry"]["cover"]) == ("changed", other["hash"])
    assert other["path"] in changed["entry"]["html"]


def test_a_file_that_is_not_stored_is_named(program):
    body = {"markdown": "# Up\n", "media": {"img/hill.png": "0" * 32}}
    answer = program.put("/entries/up/markdown", body)
    assert (answer.status_code, set(answer.json["faults"])) == (422, {"media.img/hill.png"})


@pytest.mark.parametrize(
    "text",
    ["", "---\ntitle: [\n---\nx", "zero \x00 byte", "---\nslug: other\n---\nx", "---\nauthor: Grace\n---\nx"],
)
def test_what_cannot_be_an_entry_is_refused(make_program, text):
    author = make_program("author")
    answer = author.ask("PUT", "/entries/one/markdown", data=text.encode(), content_type=MARKDOWN)
    assert (answer.status_code, bool(answer.json["faults"])) == (422, True)


def test_bytes_that_are_no_text_are_refused(program):
    answer = program.ask("PUT", "/entries/one/markdown", data=b"\xff\xfe", content_type=MARKDOWN)
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["No Slug", "00000000-0000-0000-0000-000000000000"])
def test_what_can_be_no_slug_makes_no_entry(put, name):
    assert put(path=name).status_code == 404


def test_an_entry_written_here_is_a_file_that_says_what_is_so(program, session, put):
    entry = make_entry(session, title="Hello", slug="hello", tags=("Sky",), authors=("Grace",), source="Words.\n")
    text = program.get("/entries/hello/markdown").text
    assert "title: Hello" in text
    assert put(text, "hello").json["outcome"] == "unchanged"
    changed = put(text.replace("Words.", "Other words."), "hello", version=entry.version).json["entry"]
    assert (changed["source"], changed["tags"], changed["authors"]) == ("Other words.\n", ["Sky"], ["Grace"])


def test_former_addresses_lead_to_it_if_an_editor_says_so(make_program, program, client):
    text = "---\ntitle: One\naliases: [/old/one]\n---\nx"
    refused = make_program("author").ask("PUT", "/entries/one/markdown", data=text.encode(), content_type=MARKDOWN)
    assert refused.json["faults"] == {
        "aliases": "Only editors can let /old/one lead to an entry; take it out of the file."
    }
    assert client.get("/old/one").status_code == 404
    text = text.replace("one", "two")
    program.ask("PUT", "/entries/two/markdown", data=text.encode(), content_type=MARKDOWN)
    assert client.get("/old/two").status_code == 301


@pytest.mark.parametrize("name", ["aliases", "alias", "redirect_from", "old_paths"])
def test_former_addresses_that_are_written_into_it_later_lead_to_it_too(put, client, name):
    version = put().json["entry"]["version"]
    answer = put(POST.replace("title:", f"{name}: [/old/light, /posts/first-light]\ntitle:"), version=version)
    assert (answer.status_code, answer.json["outcome"]) == (200, "changed")
    assert client.get("/old/light").headers["Location"].endswith("/posts/first-light")
    assert client.get("/posts/first-light").status_code == 200


def test_an_author_who_leaves_former_addresses_as_they_were_is_not_refused(program, make_program, put):
    author = make_program("author")
    text = f"---\ntitle: One\nauthors: [{author.member.display_name}]\naliases: [/old/one]\n---\nx"
    version = put(text, "one").json["entry"]["version"]
    ask = {"data": text.replace("\nx", "\ny").encode(), "content_type": MARKDOWN, "version": version}
    assert author.ask("PUT", "/entries/one/markdown", **ask).status_code == 200


def test_others_entries_are_not_an_authors_to_replace(make_program, put):
    put()
    answer = make_program("author").ask(
        "PUT", "/entries/first-light/markdown", data=b"# Mine\n", content_type=MARKDOWN, version="*"
    )
    assert answer.status_code == 403
