"""A mail server of the test's own, which takes mail or does whatever else mail servers do."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from homeport.settings import MailSettings


@dataclass
class MailServer:
    """What it answers to each step, and the mail it has got."""

    settings: MailSettings
    to_recipient: str = "250 OK"
    to_data: str = "250 OK"
    password: str = ""
    hangs_up_at_farewell: bool = False
    mails: list[EmailMessage] = field(default_factory=list)

    def let_in(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        """Judge who signs in."""
        return AuthResult(success=login.password == self.password.encode(), handled=False)

    async def handle_RCPT(self, server: SMTP, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - the library's name
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        if self.to_data == "silence":
            await asyncio.sleep(30)
        if self.to_data.startswith("2"):
            message = message_from_bytes(envelope.content, policy=default)
            assert isinstance(message, EmailMessage)
            self.mails.append(message)
        return self.to_data

    async def handle_QUIT(self, server: SMTP, _session: Any, _envelope: Any) -> str:  # noqa: N802 - the library's name
        if self.hangs_up_at_farewell:
            server.transport.abort()
        return "221 Bye"


@contextmanager
def a_mail_server(**answers: Any) -> Iterator[MailServer]:
    """Run one on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = MailSettings("127.0.0.1", port, "", "", "none", "blog@example.org")
    server = MailServer(settings, **answers)
    controller = Controller(
        server, hostname="127.0.0.1", port=port, authenticator=server.let_in, auth_require_tls=False
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
