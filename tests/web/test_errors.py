import pytest
from flask import abort, request
from sqlalchemy.exc import OperationalError

from homeport import errors
from homeport.web.errors import STATUS


@pytest.fixture
def failing(app):
    """A client of an application with a route that fails as it is told."""
    trouble = {}

    @app.get("/fails")
    def fails():
        raise trouble["error"]

    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()

    def get(error, **headers):
        trouble["error"] = error
        return client.get("/fails", headers=headers)

    return get


@pytest.mark.parametrize(("kind", "status"), STATUS)
def test_every_domain_error_has_its_status(failing, kind, status):
    assert failing(kind("no")).status_code == status


def test_who_asks_for_json_gets_json(failing):
    answer = failing(errors.ConflictError("taken"), Accept="application/json")
    assert answer.json["message"] == "Taken"
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_an_unexpected_error_tells_the_reader_nothing_about_the_inside(failing):
    answer = failing(RuntimeError("password=hunter2"))
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_database_that_went_away_is_a_moments_trouble(failing):
    answer = failing(OperationalError("select 1", {}, Exception("server closed the connection unexpectedly")))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_an_errors_page_is_kept_out_of_search_engines(client):
    assert 'content="noindex' in client.get("/nothing").text


def test_a_body_over_the_bound_is_refused(app):
    app.config["MAX_CONTENT_LENGTH"] = 100

    @app.post("/takes")
    def takes():
        return request.get_data()

    assert app.test_client().post("/takes", data=b"x" * 101).status_code == 413


def test_flasks_own_errors_look_like_ours(app):
    @app.get("/forbidden")
    def forbidden():
        abort(403)

    answer = app.test_client().get("/forbidden")
    assert answer.status_code == 403
    assert "Not allowed" in answer.text
