"""Hands a message to the mail server, and tells "never" from "not now"."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from homeport.mail.errors import MailDelayedError, MailRefusedError
from homeport.settings import MailSettings

ANSWER_SECONDS = 30.0


def send_message(message: EmailMessage, settings: MailSettings) -> None:
    """Send a message; when this returns, the server has it.

    Raises MailRefusedError when the server says that it will never take it, MailDelayedError for everything else.
    """
    with _told_apart(settings), _connected(settings) as server:
        server.send_message(message)


@contextmanager
def _connected(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    server = _open(settings)
    try:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, settings.password)
        yield server
        # The server has the mail. Whatever goes wrong with the farewell must not have it sent again.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _open(settings: MailSettings) -> smtplib.SMTP:
    if settings.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=ANSWER_SECONDS, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=ANSWER_SECONDS)


@contextmanager
def _told_apart(settings: MailSettings) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        [(code, words)] = error.recipients.values()
        raise _refusal(code, words) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPAuthenticationError as error:
        raise MailDelayedError(
            f"{settings.host} does not let {settings.user} in: {_plain(error.smtp_error)}",
            hint="Look at SMTP_USER and SMTP_PASSWORD.",
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailDelayedError(
            f"{settings.host} does not take mail now: {str(error) or type(error).__name__}",
            hint="Look at SMTP_HOST, SMTP_PORT and SMTP_SECURITY if this stays so.",
        ) from error


def _refusal(code: int, words: bytes | str) -> MailDelayedError | MailRefusedError:
    sentence = f"the mail server says: {code} {_plain(words)}"
    return MailRefusedError(sentence) if 500 <= code < 600 else MailDelayedError(sentence)


def _plain(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
