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
