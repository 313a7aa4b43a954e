"""What a mail server may say and do, said and done by a real one."""

import dataclasses

import pytest

from homeport.mail import sender
from homeport.mail.errors import MailDelayedError, MailRefusedError
from homeport.mail.letter import Letter, compose
from homeport.mail.sender import send_message
from tests.factories.mail import a_mail_server


@pytest.fixture
def message():
    letter = Letter.write(sender="blog@example.org", to="ada@example.org", subject="Hello", text="Hi.\n.\nBye.\n")
    return compose(letter)


def test_a_mail_arrives(message):
    with a_mail_server() as server:
        send_message(message, server.settings)
    [mail] = server.mails
    assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Hello")
    assert mail.get_content().splitlines() == ["Hi.", ".", "Bye."]


@pytest.mark.parametrize("step", ["to_recipient", "to_data"])
def test_a_no_for_good_is_told_from_a_no_for_now(message, step):
    with (
        a_mail_server(**{step: "550 nobody lives here"}) as server,
        pytest.raises(MailRefusedError, match="550 nobody"),
    ):
        send_message(message, server.settings)
    with a_mail_server(**{step: "451 come back later"}) as server, pytest.raises(MailDelayedError, match="451 come"):
        send_message(message, server.settings)


def test_a_server_that_says_nothing_is_not_waited_for(message, monkeypatch):
    monkeypatch.setattr(sender, "ANSWER_SECONDS", 0.3)
    with a_mail_server(to_data="silence") as server, pytest.raises(MailDelayedError, match="timed out"):
        send_message(message, server.settings)


def test_no_server_is_a_delay(message):
    with a_mail_server() as server:
        pass
    with pytest.raises(MailDelayedError, match="refused"):
        send_message(message, server.settings)


def test_a_mail_that_was_taken_is_not_sent_again_because_the_farewell_failed(message):
    with a_mail_server(hangs_up_at_farewell=True) as server:
        send_message(message, server.settings)
    assert len(server.mails) == 1


def test_a_password_is_not_sent_in_the_clear_by_a_server_without_tls(message):
    with a_mail_server() as server:
        careful = dataclasses.replace(server.settings, security="starttls", user="ada", password="secret")
        with pytest.raises(MailDelayedError, match="STARTTLS"):
            send_message(message, careful)


def test_a_server_that_lets_nobody_in_is_a_matter_of_the_settings(message):
    with a_mail_server(password="right") as server:
        wrong = dataclasses.replace(server.settings, user="ada", password="wrong")
        with pytest.raises(MailDelayedError, match="does not let ada in"):
            send_message(message, wrong)
        send_message(message, dataclasses.replace(wrong, password="right"))
    assert len(server.mails) == 1


def test_a_server_that_nobody_vouches_for_is_not_trusted(message):
    with a_mail_server() as server:
        careful = dataclasses.replace(server.settings, security="tls")
        with pytest.raises(MailDelayedError):
            send_message(message, careful)
