"""The job that sends a mail."""

from homeport.db.session import Database
from homeport.jobs.registry import Payload
from homeport.mail.errors import MailDelayedError
from homeport.settings import Settings


def send(_database: Database, settings: Settings, payload: Payload) -> None:
    """Send one mail. It goes out twice only if the worker ends between the server's yes and the end of the job."""
    if not settings.mail.host:
        raise MailDelayedError("there is no mail server any more.", hint="Set SMTP_HOST, then try this again.")
    from homeport.mail.letter import Letter, compose  # noqa: PLC0415 - a large library, at its first use
    from homeport.mail.sender import send_message  # noqa: PLC0415 - a start does not wait for it

    send_message(compose(Letter(**payload)), settings.mail)
