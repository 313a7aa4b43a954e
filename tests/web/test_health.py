import pytest

from homeport.app import create_app
from homeport.db.session import Database


@pytest.fixture
def away(settings, tmp_path):
    """A client of a site whose database is not there."""
    nowhere = Database(f"postgresql+psycopg2://nobody@/nothing?host={tmp_path}")
    return create_app(settings, database=nowhere).test_client()


def test_a_site_with_its_database_is_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (200, "up")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_site_without_its_database_is_alive_but_not_ready(away):
    assert away.get("/healthz").status_code == 200
    answer = away.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "away")


def test_readers_are_asked_to_come_back_while_the_database_is_away(away):
    answer = away.get("/")
    assert answer.status_code == 503
    assert "Back in a moment" in answer.text
