import pytest
from sqlalchemy import select

from homeport.blog.models import Byline
from homeport.comments.notices import tell_authors
from homeport.comments.queries import find_commented_entry
from homeport.jobs.models import Job
from homeport.settings import Settings
from homeport.site.queries import load_site
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
def tell(session, settings, entry):
    def run(settings=settings, **given):
        response = make_comment(session, entry, **given)
        found = find_commented_entry(session.connection(), entry.public_id)
        tell_authors(
            session, settings, load_site(session.connection(), address="https://house.example"), found, response
        )
        return list(session.scalars(select(Job.payload).where(Job.kind == "mail.send").order_by(Job.id)))

    return run


def _account(session, email, role="owner"):
    account = make_account(session, role)
    account.email = email
    session.flush()
    return account


def test_the_owner_is_told_who_said_what_and_why_it_waits(session, tell):
    _account(session, "ada@example.org")
    [mail] = tell(state="held", writer_name="Grace", text="Hello.\nYou.", held_because="every comment waits")
    assert "ada@example.org" in str(mail["to"])
    assert mail["subject"] == "Grace commented on The hill"
    assert "> Hello.\n> You." in mail["text"]
    assert "It waits for you: every comment waits." in mail["text"]
    assert "https://house.example/studio/comments" in mail["text"]


def test_the_entry_s_own_author_is_told_and_not_the_owner(session, entry, tell):
    _account(session, "owner@example.org")
    author = _account(session, "author@example.org", "author")
    session.add(Byline(entry_id=entry.id, author_id=author.author_id, position=0))
    assert ["author@example.org" in str(mail["to"]) for mail in tell()] == [True]


def test_without_a_mail_server_nothing_is_written(session, tell, tmp_path):
    _account(session, "ada@example.org")
    assert tell(settings=Settings.from_env({"DATA_DIR": str(tmp_path)})) == []


def test_a_wrong_address_of_an_account_costs_no_comment(session, tell):
    _account(session, "not an address")
    assert tell() == []
