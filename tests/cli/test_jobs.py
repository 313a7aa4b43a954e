import json

import pytest
from sqlalchemy import func, select, update

from homeport.cli import jobs as jobs_command
from homeport.jobs import worker
from homeport.jobs.models import Job
from homeport.jobs.queue import enqueue

MAIL = Job.kind == "mail.send"


@pytest.fixture
def failed(session) -> str:
    """A dead letter, by its number."""
    enqueue(session, "mail.send", {"to": "ada@example.org"})
    session.execute(update(Job).where(MAIL).values(failed_at=func.now(), attempts=8, error="nobody lives there"))
    session.commit()
    return str(session.scalars(select(Job.id).where(MAIL)).one())


def test_what_has_failed_is_listed_with_its_reason(run, failed):
    [job] = json.loads(run("jobs", "list", "--json").out)
    assert (job["kind"], job["error"]) == ("mail.send", "nobody lives there")
    assert "nobody lives there" in run("jobs", "list").out


def test_one_is_tried_again(run, session, failed):
    assert run("jobs", "retry", failed).code == 0
    assert session.execute(select(Job.failed_at, Job.attempts).where(MAIL)).one() == (None, 0)


def test_one_is_thrown_away(run, failed):
    assert run("jobs", "delete", failed).code == 0
    assert run("jobs", "delete", failed).code == 3


def test_alone_it_works_on_the_database_of_the_settings(run, monkeypatch):
    worked = []
    monkeypatch.setattr(worker, "work_until_told", lambda settings, registry: worked.append((settings, registry)))
    monkeypatch.setattr(jobs_command, "configure", lambda _: None)
    assert run("jobs").code == 0
    [(settings, registry)] = worked
    assert settings.db.uri == "postgresql+psycopg2://the-tests-own"
    assert "jobs.purge" in registry.handlers
