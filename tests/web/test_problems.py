"""What programs are told, whatever goes wrong and wherever: problem documents."""

import pytest


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nowhere", 404), ("DELETE", "/api/v1/openapi.json", 405), ("GET", "/api/v1/entries", 401)],
)
def test_every_refusal_under_api_is_a_problem_document(client, method, path, status):
    answer = client.open(path, method=method, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_who_shows_no_token_is_told_which_kind_is_wanted(client):
    assert client.get("/api/v1/entries").headers["WWW-Authenticate"] == 'Bearer realm="Homeport"'


def test_who_shows_a_bad_token_is_told_that_it_is_bad(client):
    answer = client.get("/api/v1/entries", headers={"Authorization": "Bearer hp_nothing"})
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Homeport", error="invalid_token"'


def test_elsewhere_errors_are_pages(client):
    assert client.get("/nowhere").mimetype == "text/html"
