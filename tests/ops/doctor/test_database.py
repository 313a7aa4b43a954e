"""A database that is away, too old, of another release, or full of jobs that nobody does, is found."""

import pytest
from sqlalchemy import text

from homeport.ops.doctor import database as checks
from homeport.ops.doctor.findings import NotApplicableError
from homeport.ops.postgres import running


def add_job(database, columns="", values=""):
    with database.engine.begin() as connection:
        connection.execute(text(f"insert into job (kind, payload{columns}) values ('mail', '{{}}'{values})"))


def test_a_site_that_is_not_ready_is_found(world, tmp_path):
    def away(_environ, start_response):
        start_response("503 Service Unavailable", [("Content-Length", "0")])
        return [b""]

    world.inside.app = away
    [finding] = world.look("the site answers")
    assert "/readyz answers 503" in finding.what


def test_a_database_that_is_away_is_found(world, tmp_path):
    world.change(database_uri=f"postgresql://x@/y?host={tmp_path}")
    [finding] = world.look("the site answers")
    assert "the database cannot be asked" in finding.what
    assert "No such file" in world.examine()["versions"].not_applicable


def test_a_site_whose_database_cannot_be_asked_from_here_is_not_ill(world):
    world.change(database_uri="")
    assert world.look("the site answers") == []
    for check in ("versions", "jobs"):
        with pytest.raises(NotApplicableError):
            world.look(check)


@pytest.mark.parametrize(("oldest", "newest"), [(19, 21), (15, 17)])
def test_a_server_that_this_release_was_not_tried_on_is_found(world, monkeypatch, oldest, newest):
    monkeypatch.setattr(checks, "OLDEST_SERVER", oldest)
    monkeypatch.setattr(checks, "NEWEST_SERVER", newest)
    [finding] = world.look("versions")
    assert finding.what == "the database server is PostgreSQL 18"


def test_a_schema_of_another_release_is_found(world):
    world.change(newest_schema="9999")
    [finding] = world.look("versions")
    assert "this code at 9999" in finding.what


def test_a_database_without_a_site_is_found(world, tmp_path):
    with running(tmp_path / "empty") as uri:
        world.change(database_uri=uri)
        [finding] = world.look("versions")
        assert "revision none" in finding.what
        with pytest.raises(NotApplicableError):
            world.look("jobs")


def test_a_failed_job_is_found_with_its_reason(world, database):
    add_job(database, ", failed_at, error", ", now(), 'mailbox full'")
    [finding] = world.look("jobs")
    assert finding.what == "1 job has failed for good, the latest of kind mail: mailbox full"


def test_jobs_that_nobody_does_are_found(world, database):
    add_job(database, ", run_at", ", now() - interval '20 minutes'")
    add_job(database, ", run_at", ", now() - interval '1 minute'")
    [finding] = world.look("jobs")
    assert finding.what == "2 jobs wait, the oldest for 20 minutes"


def test_jobs_whose_time_has_not_come_are_fine(world, database):
    add_job(database, ", run_at", ", now() + interval '1 day'")
    add_job(database, ", run_at", ", now() - interval '1 minute'")
    assert world.look("jobs") == []
