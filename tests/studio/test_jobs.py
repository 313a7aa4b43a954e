import pytest
from sqlalchemy import func, select, update

from homeport.jobs.models import Job
from homeport.jobs.queue import enqueue
from tests.factories.members import sign_in

SECRET = "https://example.org/setup/secret"
MAIL = Job.kind == "mail.send"


@pytest.fixture
def owner(client, session):
    sign_in(session, client, "owner")
    return client


@pytest.fixture
def failed(session) -> int:
    """A mail that could not be sent."""
    enqueue(session, "mail.send", {"to": "ada@example.org", "subject": "Welcome", "text": SECRET})
    session.execute(update(Job).where(MAIL).values(failed_at=func.now(), attempts=8, error="<b>nobody</b> lives there"))
    session.flush()
    return session.scalars(select(Job.id).where(MAIL)).one()


def test_a_site_where_all_went_well_says_so(owner):
    assert "Nothing has failed" in owner.get("/studio/jobs").text


def test_what_failed_is_shown_with_its_reason_and_without_the_letter_itself(owner, failed):
    page = owner.get("/studio/jobs").text
    assert "ada@example.org · Welcome" in page
    assert "&lt;b&gt;nobody&lt;/b&gt; lives there" in page
    assert SECRET not in page


def test_a_failed_job_is_tried_again(owner, session, failed):
    assert owner.post(f"/studio/jobs/{failed}/retry").status_code == 303
    assert session.execute(select(Job.failed_at, Job.attempts).where(MAIL)).one() == (None, 0)


def test_a_failed_job_is_thrown_away_once(owner, session, failed):
    assert owner.post(f"/studio/jobs/{failed}/delete").status_code == 303
    assert session.scalars(select(Job.id).where(MAIL)).all() == []
    assert owner.post(f"/studio/jobs/{failed}/delete").status_code == 404


def test_jobs_are_the_owners(client, session, failed):
    sign_in(session, client, "editor")
    assert client.get("/studio/jobs").status_code == 403
    assert client.post(f"/studio/jobs/{failed}/retry").status_code == 403
