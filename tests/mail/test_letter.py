from email import message_from_bytes
from email.policy import default

import pytest

from homeport.mail.errors import MailAddressError
from homeport.mail.letter import Letter, compose


def a_letter(**parts) -> Letter:
    given = {"sender": "blog@example.org", "to": "ada@example.org", "subject": "Hello", "text": "Hi.\n"}
    return Letter.write(**(given | parts))


def on_the_wire(letter: Letter) -> bytes:
    return compose(letter).as_bytes()


def test_a_letter_says_who_writes_and_that_nobody_needs_to_answer():
    message = compose(a_letter(sender_name="Ada’s blog"))
    assert str(message["From"]) == "Ada’s blog <blog@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]


def test_it_is_the_same_letter_however_often_it_is_sent():
    letter = a_letter()
    again = Letter(**letter.as_payload())
    assert compose(letter)["Message-ID"] == compose(again)["Message-ID"] == letter.message_id
    assert letter.message_id.endswith("@example.org>")
    assert a_letter().message_id != letter.message_id


def test_text_and_html_are_two_forms_of_one_letter():
    message = message_from_bytes(on_the_wire(a_letter(text="Grüße\n", html="<p>Grüße</p>")), policy=default)
    assert message.get_body(("plain",)).get_content().strip() == "Grüße"
    assert message.get_body(("html",)).get_content().strip() == "<p>Grüße</p>"


@pytest.mark.parametrize(
    "hostile",
    [
        "x\r\nBcc: everybody@example.org",
        "x\nBcc: everybody@example.org",
        "x\rBcc: everybody@example.org",
        "x\x00\u2028Bcc: everybody@example.org",
        "x\r\n\r\nBcc: everybody@example.org",
        "x" * 2000 + "\r\n Bcc: everybody@example.org",
    ],
)
def test_nothing_that_a_stranger_writes_becomes_a_header(hostile):
    letter = a_letter(subject=hostile, sender_name=hostile, headers={"List-Id": hostile, "Bad\r\nBcc": "x", "X": "y"})
    message = message_from_bytes(on_the_wire(letter), policy=default)
    assert message["Bcc"] is None
    assert message["X"] == "y"
    assert message.get_content().splitlines() == ["Hi."]


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@example.org", "ada@exa mple.org", "a@b\r\nBcc: c@d", "a@b, c@d", "a@b>", "a" * 300 + "@b"],
)
def test_who_cannot_be_written_to_is_refused(address):
    with pytest.raises(MailAddressError):
        a_letter(to=address)


def test_control_characters_and_half_characters_do_not_reach_the_table_or_the_wire():
    letter = a_letter(text="a\x00b\ud800c\r\n.\r\nd", subject="a\x1b[31m")
    assert letter.text == "abc\n.\nd"
    assert "\x1b" not in letter.subject
    on_the_wire(letter)


def test_a_subject_in_any_script_arrives_as_it_was():
    message = message_from_bytes(on_the_wire(a_letter(subject="Über 日本 🌊")), policy=default)
    assert message["Subject"] == "Über 日本 🌊"
