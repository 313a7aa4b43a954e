from uuid import uuid4

import pytest
from flask import abort, request
from sqlalchemy.exc import OperationalError

from homeport import errors
from homeport.accounts.guard import open_to_all
from homeport.web.errors import STATUS
from tests.factories.members import sign_in


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


class TestInTheStudio:
    @pytest.fixture
    def broken(self, app):
        """A form of the studio whose save finds no database."""
        app.config["PROPAGATE_EXCEPTIONS"] = False

        @app.post("/studio/breaks")
        @open_to_all("a test")
        def breaks():
            raise OperationalError("select 1", {}, Exception("server closed the connection unexpectedly"))

        return app.test_client()

    def test_what_was_typed_comes_back_when_the_database_is_away(self, broken):
        typed = {"from": "/old</textarea><script>", "to": "two\nlines"}
        answer = broken.post("/studio/breaks?tab=1", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert 'action="/studio/breaks?tab=1"' in answer.text
        assert "/old&lt;/textarea&gt;&lt;script&gt;</textarea>" in answer.text
        assert "two\nlines</textarea>" in answer.text

    def test_a_program_gets_no_form(self, broken):
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
        assert broken.post("/studio/breaks", data={"a": "b"}, headers=headers).json["error"] == "Back in a moment"

    def test_a_member_stays_in_the_studio(self, client, session):
        sign_in(session, client, "owner")
        page = client.get(f"/studio/entries/{uuid4()}").text
        assert 'aria-label="Studio"' in page
        assert "There is nothing at this address" in page

    def test_a_stranger_sees_nothing_of_it(self, client):
        assert 'aria-label="Studio"' not in client.get("/studio/nothing").text
