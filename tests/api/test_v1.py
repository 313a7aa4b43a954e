"""The door of the API: tokens and nothing else, as often as is bearable."""

import pytest

from homeport.accounts.permissions import Permission
from homeport.api import v1
from tests.factories.members import sign_in


def test_a_cookie_is_no_token(session, client):
    sign_in(session, client, "owner")
    assert client.get("/api/v1/entries").status_code == 401


def test_a_token_is_no_cookie(program):
    answer = program.client.get("/studio", headers={"Authorization": f"Bearer {program.token}"})
    assert answer.status_code == 302


def test_a_token_with_another_scope_is_refused(make_program):
    answer = make_program("owner", Permission.READ).post("/entries", {"title": "One"})
    assert (answer.status_code, answer.json["detail"][:28]) == (403, "This needs the permission to")


def test_a_browser_elsewhere_that_has_a_token_gets_nothing_that_its_page_could_read(program):
    answer = program.get("/entries", headers={"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    asked = program.client.options("/api/v1/entries", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name, _ in asked.headers if name.startswith("Access-Control")]


def test_without_a_token_a_browser_elsewhere_changes_nothing(client):
    answer = client.post("/api/v1/entries", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")


def test_a_token_may_ask_so_often_and_then_waits(program, monkeypatch):
    monkeypatch.setattr(v1, "REQUESTS_BY_TOKEN", 2)
    assert [program.get("/entries").status_code for _ in range(3)] == [200, 200, 429]
    assert int(program.get("/entries").headers["Retry-After"]) > 0


def test_who_shows_no_good_token_is_counted_by_address(client, monkeypatch):
    monkeypatch.setattr(v1, "REFUSALS_BY_ADDRESS", 2)
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    monkeypatch.setattr("ipaddress.IPv4Address.is_global", True)
    assert [client.get("/api/v1/entries").status_code for _ in range(3)] == [401, 401, 429]


def test_nobody_may_keep_an_answer(program):
    assert program.get("/entries").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"title": "a",\n "tags": [}', "no JSON: expecting value at line 2, column 11. "),
        (b"", "Nothing was sent. Send a JSON object"),
        (b'{"title": "\xff"}', "no JSON: it is not UTF-8 from byte 12 on. "),
        (b'{"title": "a", "title": "b"}', "no JSON: the name “title” stands twice in one object. "),
        (b'{"\\ud800": 1, "\\ud800": 2}', "the name “\ufffd” stands twice"),
        (b'{"series_position": NaN}', "no JSON: NaN is no number there. "),
        (b"[" * 100_000, "no JSON: it is nested too deeply. "),
    ],
)
def test_broken_json_is_told_with_its_place(program, data, words):
    answer = program.post("/entries", data=data, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert words in answer.json["detail"]


def test_what_is_of_another_kind_is_told_what_is_taken(program):
    markdown = program.put("/entries/one/markdown", data=b"x", content_type="text/plain")
    said = "A body of kind text/plain is not taken here. Send it with Content-Type: application/json or text/markdown."
    assert markdown.json["detail"] == said
    untold = program.post("/entries", data=b"{}").json["detail"]
    assert untold == "The request does not say what kind of body it has. Send it with Content-Type: application/json."


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ({}, "No token was shown. Send it as “Authorization: Bearer hp_…”. "),
        ({"Authorization": "Basic YTpi"}, "What stands in Authorization is no token. "),
        ({"Authorization": "Bearer hp_forged"}, "This token opens nothing. It may be mistyped, have expired"),
    ],
)
def test_who_shows_no_good_token_is_told_what_to_show(client, shown, words):
    answer = client.get("/api/v1/entries", headers=shown)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.json["detail"].startswith(words)
    assert "/account/tokens" in answer.json["detail"]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"title": NaN}', "application/json", 400),
        (b'{"title": "a", "title": "b"}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"title": ' + b"[" * 30 + b"]" * 30 + b"}", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"title=One", "application/x-www-form-urlencoded", 415),
        (b"{}", "", 415),
        (b" " * (17 * 2**20), "application/json", 413),
        (b'{"series_position": 1e400}', "application/json", 422),
        (b'{"series_position": ' + b"9" * 5000 + b"}", "application/json", 400),
    ],
)
def test_what_is_no_json_of_bearable_size_is_refused(program, data, kind, status):
    answer = program.ask("POST", "/entries", data=data, content_type=kind)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
