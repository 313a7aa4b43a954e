"""Files as programs upload, find, describe and delete them."""

import hashlib
from dataclasses import replace
from io import BytesIO

import pytest

from homeport.accounts.permissions import Permission
from tests.factories.blog import make_entry
from tests.factories.media import a_picture

BYTES = "application/octet-stream"


@pytest.fixture
def picture():
    return a_picture(size=(9, 7))


@pytest.fixture
def stored(program, picture):
    answer = program.ask("POST", "/media?name=hill.png&alt=A%20hill", data=picture, content_type=BYTES)
    assert answer.status_code == 201
    return answer.json


def test_it_is_stored_and_served(program, stored, client):
    assert (stored["name"], stored["alt"], stored["width"], stored["kind"]) == ("hill.png", "A hill", 9, "image")
    with client.get(stored["path"]) as served:
        assert served.status_code == 200
    assert stored["markdown"] == f"![A hill]({stored['path']})"


def test_it_is_known_by_its_bytes(program, stored, picture):
    digest = hashlib.sha256(picture).hexdigest()[:32]
    assert program.get(f"/media/{digest}").json == {"file": stored, "uses": []}
    again = program.ask("POST", "/media?name=other.png", data=picture, content_type=BYTES)
    assert (again.status_code, again.json) == (200, stored)


def test_it_may_come_in_a_form(program, picture):
    answer = program.ask("POST", "/media", data={"file": (BytesIO(picture), "hill.png")})
    assert (answer.status_code, answer.json["name"]) == (201, "hill.png")
    assert answer.headers["Location"] == f"/api/v1/media/{answer.json['hash']}"


@pytest.mark.parametrize(
    ("path", "data", "kind", "status"),
    [
        ("/media", b"words", BYTES, 422),
        ("/media?name=a.png", b"MZ\x90 a program", BYTES, 422),
        ("/media?name=a.png", b"\x89PNG cut", BYTES, 422),
        ("/media?name=a.png", b"{}", "application/json", 415),
        ("/media", {}, "multipart/form-data", 422),
        ("/media", {"file": [(BytesIO(b"a"), "a.txt"), (BytesIO(b"b"), "b.txt")]}, "multipart/form-data", 422),
    ],
)
def test_what_is_no_file_that_can_be_shown_is_refused(program, path, data, kind, status):
    assert program.ask("POST", path, data=data, content_type=kind).status_code == status


@pytest.mark.parametrize("kind", [BYTES, "multipart/form-data"])
def test_what_is_too_large_is_refused(program, app, kind, monkeypatch):
    kernel = app.extensions["homeport"]
    small = replace(kernel.settings, media=replace(kernel.settings.media, max_bytes=1000))
    monkeypatch.setattr(kernel, "settings", small)
    data = b"x" * 2000
    if kind == BYTES:
        assert program.ask("POST", "/media?name=a.txt", data=data, content_type=kind).status_code == 413
    else:
        assert program.ask("POST", "/media", data={"file": (BytesIO(data), "a.txt")}).status_code == 413


def test_it_is_described(program, stored):
    answer = program.patch(f"/media/{stored['hash']}", {"caption": "At dawn"})
    assert (answer.json["alt"], answer.json["caption"]) == ("A hill", "At dawn")


def test_it_is_found_by_words(program, stored):
    assert [file["hash"] for file in program.get("/media?q=hill&kind=image").json["files"]] == [stored["hash"]]
    assert program.get("/media?q=valley").json == {"files": [], "next": None}


def test_the_list_is_read_page_by_page(program):
    for number in range(3):
        program.ask("POST", f"/media?name={number}.txt", data=b"words %d" % number, content_type=BYTES)
    first = program.get("/media?limit=2").json
    second = program.get(f"/media?limit=2&before={first['next']}").json
    assert [file["name"] for file in first["files"] + second["files"]] == ["2.txt", "1.txt", "0.txt"]
    assert second["next"] is None


def test_what_is_shown_somewhere_is_deleted_only_if_a_gap_is_meant(program, stored, session):
    entry = program.post("/entries", {"title": "Up", "source": stored["markdown"]}).json
    answer = program.delete(f"/media/{stored['hash']}")
    assert (answer.status_code, answer.json["uses"][0]["title"]) == (409, "Up")
    assert program.delete(f"/media/{stored['hash']}?although_used=true").json == {"deleted": stored["hash"]}
    assert program.get(f"/media/{stored['hash']}").status_code == 404
    assert "missing-image" in program.get(f"/entries/{entry['id']}").json["html"]


def test_an_author_may_not_touch_what_another_has_uploaded(make_program, stored):
    author = make_program("author")
    assert author.get(f"/media/{stored['hash']}").status_code == 200
    assert author.patch(f"/media/{stored['hash']}", {"alt": "Mine"}).status_code == 403
    assert author.delete(f"/media/{stored['hash']}").status_code == 403


def test_what_others_have_not_published_keeps_its_title_to_itself(make_program, program, stored, session):
    make_entry(session, title="Unseen", state="draft", published_at=None, source=stored["markdown"])
    program.post("/entries", {"title": "Unseen too", "source": stored["markdown"]})
    uses = make_program("author", Permission.READ).get(f"/media/{stored['hash']}").json["uses"]
    assert "Unseen" not in str(uses)


def test_a_file_shows_on_top_of_an_entry(program, stored):
    entry = program.post("/entries", {"title": "Up", "cover": stored["hash"]}).json
    assert entry["cover"] == stored["hash"]
    dropped = program.patch(f"/entries/{entry['id']}", {"cover": None}, version=entry["version"]).json
    assert dropped["cover"] is None
