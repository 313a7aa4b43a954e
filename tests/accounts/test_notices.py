from dataclasses import replace

import pytest
from sqlalchemy import select

from homeport.accounts.models import Account
from homeport.accounts.notices import address_of, tell_by_mail
from homeport.errors import NotFoundError
from homeport.jobs.models import Job
from homeport.mail.errors import MailAddressError
from homeport.settings import Settings
from tests.factories.members import make_account

SITE = "https://example.org"


@pytest.fixture
def mailing(settings) -> Settings:
    """Settings of a site with a mail server."""
    return settings.replace(mail=replace(settings.mail, host="mail.example.org", sender="blog@example.org"))


@pytest.fixture
def ada(session) -> Account:
    return make_account(session, "author", name="ada")


def test_the_address_is_kept_and_tried(session, ada, mailing):
    assert tell_by_mail(session, mailing, "ada", "ada@example.org", site_address=SITE)
    assert address_of(session, ada.id) == "ada@example.org"
    letter = session.scalars(select(Job.payload).where(Job.kind == "mail.send")).one()
    assert letter["to"] == "ada@example.org"
    assert SITE in letter["text"]


def test_without_a_mail_server_it_is_kept_for_later(session, ada, settings):
    assert not tell_by_mail(session, settings, "ada", "ada@example.org", site_address=SITE)
    assert address_of(session, ada.id) == "ada@example.org"
    assert session.scalars(select(Job).where(Job.kind == "mail.send")).all() == []


def test_no_address_is_an_answer_too(session, ada, mailing):
    ada.email = "ada@example.org"
    assert not tell_by_mail(session, mailing, "ada", "", site_address=SITE)
    assert address_of(session, ada.id) == ""


@pytest.mark.parametrize(
    "email", ["ada", "a@b, c@d", "ada@example.org\r\nBcc: x@example.org", f"{'a' * 300}@example.org"]
)
def test_what_is_no_address_is_refused(session, ada, mailing, email):
    with pytest.raises(MailAddressError):
        tell_by_mail(session, mailing, "ada", email, site_address=SITE)


def test_nobody_cannot_be_told(session, mailing):
    with pytest.raises(NotFoundError):
        tell_by_mail(session, mailing, "nobody", "ada@example.org", site_address=SITE)
