import pytest
from sqlalchemy import select

from homeport.accounts.models import Author
from homeport.errors import ConflictError
from homeport.web.database import session


@pytest.fixture
def writing(app):
    """A client of an application with routes that write."""

    @app.post("/write/<slug>")
    def write(slug):
        session().add(Author(slug=slug, name=slug))
        return "written"

    @app.post("/refuse/<slug>")
    def refuse(slug):
        session().add(Author(slug=slug, name=slug))
        session().flush()
        raise ConflictError("no")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


def names(connection):
    return set(connection.execute(select(Author.slug)).scalars())


def test_what_was_acknowledged_is_stored(writing, connection):
    assert writing.post("/write/kept").status_code == 200
    assert "kept" in names(connection)


def test_what_was_refused_left_nothing_behind(writing, connection):
    assert writing.post("/refuse/lost").status_code == 409
    assert "lost" not in names(connection)


def test_a_commit_that_fails_is_an_error_and_not_an_acknowledgement(writing, connection):
    writing.post("/write/twice")
    assert writing.post("/write/twice").status_code == 500
    assert "twice" in names(connection)
