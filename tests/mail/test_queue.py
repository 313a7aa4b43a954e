import dataclasses

import pytest
from sqlalchemy import select

from homeport.jobs.models import Job
from homeport.mail.errors import MailAddressError
from homeport.mail.queue import can_send_mail, send_later

MAIL = {"to": "ada@example.org", "subject": "Hello", "text": "Hi.\n"}


@pytest.fixture
def with_mail(settings):
    mail = dataclasses.replace(settings.mail, host="smtp.example.org", sender="blog@example.org")
    return settings.replace(mail=mail)


def test_without_a_mail_server_no_mail_is_written(session, settings):
    assert not can_send_mail(settings)
    assert not send_later(session, settings, **MAIL)
    assert session.scalars(select(Job)).all() == []


def test_a_mail_waits_with_what_it_is_about(session, with_mail):
    assert send_later(session, with_mail, **MAIL, sender_name="Ada", headers={"List-Id": "comments"})
    job = session.scalars(select(Job)).one()
    assert job.kind == "mail.send"
    assert (job.payload["to"], job.payload["sender"]) == ("ada@example.org", "blog@example.org")


def test_what_a_database_cannot_store_is_left_out(session, with_mail):
    assert send_later(session, with_mail, to="ada@example.org", subject="a\x00b", text="c\x00d\ud800")


def test_nobody_is_written_to_at_two_addresses(session, with_mail):
    with pytest.raises(MailAddressError):
        send_later(session, with_mail, to="ada@example.org, eve@example.org", subject="x", text="y")
