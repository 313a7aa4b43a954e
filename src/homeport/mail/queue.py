"""Lets a feature send mail: in the transaction of what causes it, and without waiting for a mail server."""

from typing import Any

from sqlalchemy.orm import Session

from homeport.jobs.queue import enqueue
from homeport.settings import Settings

KIND = "mail.send"


def can_send_mail(settings: Settings) -> bool:
    """Say whether this installation has a mail server."""
    return bool(settings.mail.host)


def send_later(session: Session, settings: Settings, *, to: str, subject: str, text: str, **more: Any) -> bool:
    """Have a mail sent once the caller's transaction commits; say whether there is a server that could.

    `more` may hold `html`, `headers` and `sender_name`. Raises MailAddressError.
    """
    if not can_send_mail(settings):
        return False
    # Python's mail library is large, and most sites start without a mail to write.
    from homeport.mail.letter import Letter  # noqa: PLC0415

    letter = Letter.write(sender=settings.mail.sender, to=to, subject=subject, text=text, **more)
    enqueue(session, KIND, letter.as_payload())
    return True
