import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from homeport.blog.models import Byline
from homeport.comments.notices import tell_authors, tell_more_later
from homeport.comments.queries.visitor import find_commented_entry
from homeport.comments.writers import erase_person
from homeport.handlers import JOB_HANDLERS
from homeport.jobs.models import Job
from homeport.mail.errors import MailDelayedError
from homeport.settings import Settings
from homeport.site.actions import update_site
from tests.factories.blog import make_entry
from tests.factories.comments import make_comment
from tests.factories.members import make_account


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env(
        {
            "DATA_DIR": str(tmp_path),
            "FLASK_KEY": "a key that only tests use",
            "SMTP_HOST": "mail.example",
            "MAIL_FROM": "site@house.example",
        }
    )


@pytest.fixture
def tell(session, settings, own_database, letters, entry):
    """Stores a comment, has its authors told, and does the jobs of that; returns the letters."""

    def run(settings=settings, **given):
        response = make_comment(session, entry, **given)
        tell_authors(session, _found(session, entry), response)
        session.commit()
        _do_jobs(session, own_database, settings)
        return letters

    return run


@pytest.fixture
def letters(monkeypatch):
    sent = []
    monkeypatch.setattr("homeport.mail.sender.send_message", lambda message, _settings: sent.append(message))
    return sent


def _found(session, entry):
    return find_commented_entry(session.connection(), entry.public_id)


def _jobs(session):
    return list(session.scalars(select(Job).where(Job.kind.startswith("comments.tell")).order_by(Job.id)))


def _do_jobs(session, database, settings):
    for job in _jobs(session):
        JOB_HANDLERS[job.kind](database, settings, job.payload)


def _account(session, email, role="owner"):
    account = make_account(session, role)
    account.email = email
    session.flush()
    return account


def test_the_owner_is_told_who_said_what_and_why_it_waits(session, tell):
    update_site(session, address="https://house.example")
    _account(session, "ada@example.org")
    [mail] = tell(state="held", writer_name="Grace", text="Hello.\nYou.", held_because="every comment waits")
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "Grace commented on The hill"
    text = mail.get_content()
    assert "> Hello.\n> You." in text
    assert "It waits for you: every comment waits." in text
    assert "The entry: https://house.example/posts/hill\n" in text
    assert "https://house.example/studio/comments" in text


def test_a_site_without_an_address_sends_no_link_that_is_none(session, tell):
    _account(session, "ada@example.org")
    [mail] = tell(text="Hello.")
    assert "wrote on The hill" in mail.get_content()
    assert "/posts/hill" not in mail.get_content()
    assert "All comments are in the studio." in mail.get_content()


def test_a_comment_that_was_changed_is_told_of_as_that(session, tell):
    _account(session, "ada@example.org")
    [mail] = tell(state="held", writer_name="Grace", edited_at=datetime.now(UTC))
    assert mail["Subject"] == "Grace changed a comment on The hill"


def test_what_waits_for_the_mail_server_holds_nothing_of_the_writer(session, entry):
    _account(session, "ada@example.org")
    left = {"writer_name": "Grace", "writer_email": "grace@example.org", "text": "Private words."}
    tell_authors(session, _found(session, entry), make_comment(session, entry, **left))
    [job] = _jobs(session)
    written = json.dumps([job.payload, job.key]).lower()
    assert "grace" not in written
    assert "private" not in written


@pytest.mark.parametrize("fate", ["erased", "spam", "deleted"])
def test_nobody_is_told_of_what_is_gone_by_then(session, settings, own_database, letters, entry, fate):
    _account(session, "ada@example.org")
    response = make_comment(session, entry, writer_email="grace@example.org")
    tell_authors(session, _found(session, entry), response)
    if fate == "erased":
        erase_person(session, "grace@example.org")
    else:
        response.state = fate
    session.commit()
    _do_jobs(session, own_database, settings)
    assert letters == []


def test_a_letter_that_is_tried_again_is_the_same_letter(session, settings, own_database, tell):
    _account(session, "ada@example.org")
    sent = tell()
    _do_jobs(session, own_database, settings)
    assert len({mail["Message-ID"] for mail in sent}) == 1
    assert len(sent) == 2


def test_the_entry_s_own_author_is_told_and_not_the_owner(session, entry, tell):
    _account(session, "owner@example.org")
    author = _account(session, "author@example.org", "author")
    session.add(Byline(entry_id=entry.id, author_id=author.author_id, position=0))
    session.flush()
    assert [mail["To"] for mail in tell()] == ["author@example.org"]


def test_without_a_mail_server_it_is_tried_later(session, tell, tmp_path):
    _account(session, "ada@example.org")
    with pytest.raises(MailDelayedError):
        tell(settings=Settings.from_env({"DATA_DIR": str(tmp_path)}))


def test_a_wrong_address_of_an_account_costs_no_comment(session, tell):
    _account(session, "not an address")
    assert tell() == []


class TestAnHourWithTooMany:
    def test_one_letter_tells_how_many_there_were(self, session, settings, own_database, letters, entry):
        update_site(session, address="https://house.example")
        _account(session, "ada@example.org")
        for state in ("held", "held", "shown", "spam"):
            make_comment(session, entry, state=state, created_at=datetime.now(UTC) - timedelta(minutes=10))
        make_comment(session, entry, created_at=datetime.now(UTC) - timedelta(hours=2))
        for _ in range(5):
            tell_more_later(session, _found(session, entry), 600)
        session.commit()
        [job] = _jobs(session)
        assert job.run_at > datetime.now(UTC) + timedelta(minutes=9)
        _do_jobs(session, own_database, settings)
        [mail] = letters
        assert mail["Subject"] == "Comments in an hour: 3, waiting: 2"
        assert "https://house.example/studio/comments" in mail.get_content()

    def test_an_author_is_told_of_their_own_entries(self, session, settings, own_database, letters, entry):
        author = _account(session, "author@example.org", "author")
        session.add(Byline(entry_id=entry.id, author_id=author.author_id, position=0))
        make_comment(session, entry)
        make_comment(session, make_entry(session))
        session.flush()
        tell_more_later(session, _found(session, entry), 600)
        session.commit()
        _do_jobs(session, own_database, settings)
        assert [mail["Subject"] for mail in letters] == ["Comments in an hour: 1, waiting: 0"]

    def test_an_hour_of_spam_alone_is_not_told_of(self, session, settings, own_database, letters, entry):
        _account(session, "ada@example.org")
        make_comment(session, entry, state="spam")
        tell_more_later(session, _found(session, entry), 600)
        session.commit()
        _do_jobs(session, own_database, settings)
        assert letters == []


def test_what_is_shown_is_led_to_where_it_stands(tell, session, entry):
    update_site(session, address="https://house.example")
    _account(session, "ada@example.org")
    first = make_comment(session, entry)
    for _ in range(20):
        make_comment(session, entry, parent_id=first.id)
    (letter,) = tell(state="shown", parent_id=first.id)
    page = f"https://house.example{entry.path}/comments?thread={first.public_id}&answer="
    assert f"The comment: {page}" in letter.get_content()
