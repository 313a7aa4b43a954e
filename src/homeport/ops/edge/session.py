"""A signed-in conversation with the proxy: it signs in again when it has to, and turns refusals into errors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from homeport.ops.edge.errors import ProxyAwayError, ProxyPasswordError, ProxyRefusedError
from homeport.ops.edge.transport import Reply, Transport

TIMEOUT_SECONDS = 60.0
SIGN_IN_TIMEOUT_SECONDS = 30.0
LEAST_LIFE = timedelta(hours=1)
SECOND_FACTOR = "the account {} of the proxy wants a one-time code, which nobody is there to type"
COLLECTIONS = ("/nginx/proxy-hosts", "/nginx/certificates", "/nginx/redirection-hosts", "/nginx/dead-hosts")


@dataclass(frozen=True, slots=True)
class Token:
    """Proof of having signed in, good for a day."""

    text: str
    ends_at: datetime


class Session:
    """A conversation as one account; without one, only what anybody may ask."""

    def __init__(self, transport: Transport, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.transport = transport
        self.identity = ""
        self._secret = ""
        self._now = now
        self._token: Token | None = None

    def sign_in(self, identity: str, secret: str) -> bool:
        """Go on as this account; say whether the proxy takes the password."""
        token = ask_for_token(self.transport, identity, secret)
        if token is None:
            return False
        self.identity, self._secret, self._token = identity, secret, token
        return True

    def call(self, method: str, path: str, body: Any = None, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Any:
        """Return what the proxy answers; raises ProxyRefusedError, ProxyPasswordError or ProxyAwayError."""
        reply = self._send(method, path, body, timeout_seconds)
        if self.identity and _means_sign_in(method, path, reply):
            self._token = None
            reply = self._send(method, path, body, timeout_seconds)
        if reply.status >= 400:
            raise refusal(method, path, reply)
        return reply.data

    def _send(self, method: str, path: str, body: Any, timeout_seconds: float) -> Reply:
        return self.transport.send(method, path, body, token=self._live_token(), timeout_seconds=timeout_seconds)

    def _live_token(self) -> str:
        if not self.identity:
            return ""
        if self._token is None or self._token.ends_at - self._now() < LEAST_LIFE:
            self._token = ask_for_token(self.transport, self.identity, self._secret)
        if self._token is None:
            raise ProxyPasswordError(f"the proxy does not take the password of {self.identity} any more")
        return self._token.text


def ask_for_token(transport: Transport, identity: str, secret: str) -> Token | None:
    """Return a token for a day, or None when the proxy does not take the password.

    Longer ones are never asked for: nobody can take them back.
    """
    body = {"identity": identity, "secret": secret}
    reply = transport.send("POST", "/tokens", body, token="", timeout_seconds=SIGN_IN_TIMEOUT_SECONDS)
    if reply.status in (400, 401, 403):
        return None
    if reply.status >= 400:
        raise refusal("POST", "/tokens", reply)
    if reply.data.get("requires_2fa"):
        raise ProxyPasswordError(SECOND_FACTOR.format(identity), hint="Switch it off for this account.")
    try:
        return Token(reply.data["token"], datetime.fromisoformat(reply.data["expires"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ProxyAwayError("the proxy answers to a sign-in in a way that is not known here") from error


def refusal(method: str, path: str, reply: Reply) -> ProxyRefusedError:
    """Return the error that an answer stands for, with what the proxy says in its fields for debugging."""
    content = reply.data if isinstance(reply.data, Mapping) else {}
    error = content.get("error") or {}
    said = str(error.get("message", "")) if isinstance(error, Mapping) else str(error)
    return ProxyRefusedError(
        f"the proxy refuses {method} {path} with {reply.status}: {said or 'no reason given'}",
        status=reply.status,
        said=said,
        details="\n".join(_debug_lines(content.get("debug"))),
    )


def _debug_lines(debug: Any) -> list[str]:
    if not isinstance(debug, Mapping):
        return []
    stack = debug.get("stack") or []
    # Beside it stands the command line that was run, which says nothing of the cause.
    return [str(line) for line in stack] if isinstance(stack, list) else [str(stack)]


def _means_sign_in(method: str, path: str, reply: Reply) -> bool:
    """Say whether an answer means that the token is not good: the proxy says so in many ways.

    It answers 404 where it means 403, and 500 to a token that it cannot read.
    """
    content = reply.data if isinstance(reply.data, Mapping) else {}
    error = content.get("error")
    said = str(error.get("message", "")) if isinstance(error, Mapping) else ""
    if reply.status in (401, 403) or (reply.status == 400 and said == "Token has expired"):
        return True
    is_collection = path.partition("?")[0] in COLLECTIONS
    return is_collection and method == "GET" and reply.status in (404, 500)
