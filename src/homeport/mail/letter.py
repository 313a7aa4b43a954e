"""A letter as it waits in the job table, and what becomes of it on the wire."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Any, Self
from uuid import uuid4

from homeport.mail.addresses import check_address

HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
# What would end a line of text early, or end the text; line feeds and tabs are meant.
NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What somebody is to be told; `message_id` stays the same however often it is sent."""

    sender: str
    to: str
    subject: str
    text: str
    sender_name: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    message_id: str = ""

    @classmethod
    def write(cls, **parts: Any) -> Self:
        """Return a letter with nothing in it that could end a line or a header; raises MailAddressError."""
        draft = cls(**parts)
        return cls(
            sender=draft.sender,
            to=check_address(draft.to),
            subject=_line(draft.subject),
            text=_text(draft.text),
            sender_name=_line(draft.sender_name),
            html=_text(draft.html),
            headers={name: _line(value) for name, value in draft.headers.items() if HEADER_NAME.fullmatch(name)},
            message_id=f"<{uuid4()}@{draft.sender.rpartition('@')[2]}>",
        )

    def as_payload(self) -> dict[str, Any]:
        """Return what is stored of it."""
        return asdict(self)


def compose(letter: Letter) -> EmailMessage:
    """Return the message; its policy refuses a header with more than one line."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(letter.sender_name, addr_spec=letter.sender)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = letter.message_id
    # Keeps holiday notices from answering, and loops from beginning (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def _line(text: str) -> str:
    return NOT_TEXT.sub("", CONTROL.sub(" ", text)).strip()


def _text(text: str) -> str:
    return NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
