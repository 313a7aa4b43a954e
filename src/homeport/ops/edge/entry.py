"""How to get into the proxy, and how to become the only one who does."""

import secrets
from pathlib import Path

from homeport.ops.edge.client import Proxy
from homeport.ops.edge.declaration import ProxyAccess
from homeport.ops.edge.dialect import DEFAULT_EMAIL, DEFAULT_PASSWORD
from homeport.ops.edge.errors import ProxyPasswordError, ProxyRefusedError
from homeport.ops.edge.session import ask_for_token
from homeport.ops.edge.state import Entry

NOT_LET_IN = "the proxy does not take the password of {} from {}"
REMEDY = "Write the password of that account into the file, or change it in the proxy. Nothing was changed."
CLAIMED_BY_OTHERS = "somebody else has become the administrator of the proxy"
START_ANEW = (
    "Whoever reaches its port 81 can do that while it has none. Stop it, delete its data, close that port, start again."
)
STILL_OPEN = "the proxy still lets {} in with the password that {}"


def enter(proxy: Proxy, access: ProxyAccess, *, is_claimed: bool) -> Entry:
    """Sign in as whoever may, and say who that is; an unclaimed proxy lets nobody in, and anybody claim it.

    Raises ProxyPasswordError when no password that is known here is taken.
    """
    if not is_claimed:
        return Entry.UNCLAIMED
    secret = read_secret(access.password_file)
    if proxy.session.sign_in(access.email, secret):
        return Entry.OURS
    if access.initial_password_file and proxy.session.sign_in(access.email, read_secret(access.initial_password_file)):
        return Entry.INITIAL
    if proxy.session.sign_in(DEFAULT_EMAIL, DEFAULT_PASSWORD):
        return Entry.DEFAULT
    if proxy.session.sign_in(DEFAULT_EMAIL, secret):
        return Entry.HALF_CLAIMED
    raise ProxyPasswordError(NOT_LET_IN.format(access.email, access.password_file), hint=REMEDY)


def claim(proxy: Proxy, access: ProxyAccess, entry: Entry) -> None:
    """Become the administrator with our own mail address and password, and prove that no other password opens it."""
    secret = read_secret(access.password_file)
    if entry is Entry.UNCLAIMED:
        _claim_first(proxy, access.email, secret)
    elif entry is Entry.INITIAL:
        assert access.initial_password_file is not None
        proxy.change_password(read_secret(access.initial_password_file), secret)
    elif entry is Entry.DEFAULT:
        # First the password: whoever gets in between finds the door shut.
        proxy.change_password(DEFAULT_PASSWORD, secret)
        _sign_in(proxy, DEFAULT_EMAIL, secret)
        proxy.change_email(access.email)
    elif entry is Entry.HALF_CLAIMED:
        proxy.change_email(access.email)
    _sign_in(proxy, access.email, secret)
    prove_others_refused(proxy, access)


def is_default_open(proxy: Proxy) -> bool:
    """Say whether the proxy lets anybody in who has read its documentation."""
    return ask_for_token(proxy.session.transport, DEFAULT_EMAIL, DEFAULT_PASSWORD) is not None


def shut_default(proxy: Proxy, access: ProxyAccess) -> None:
    """Give the default account a password that nobody knows."""
    _sign_in(proxy, DEFAULT_EMAIL, DEFAULT_PASSWORD)
    proxy.change_password(DEFAULT_PASSWORD, secrets.token_urlsafe(32))
    _sign_in(proxy, access.email, read_secret(access.password_file))
    prove_others_refused(proxy, access)


def prove_others_refused(proxy: Proxy, access: ProxyAccess) -> None:
    """Raise ProxyPasswordError if the proxy takes a password that others may know."""
    if is_default_open(proxy):
        raise ProxyPasswordError(STILL_OPEN.format(DEFAULT_EMAIL, "stands in its documentation"))
    if access.initial_password_file is None:
        return
    initial = read_secret(access.initial_password_file)
    is_another = initial != read_secret(access.password_file)
    if is_another and ask_for_token(proxy.session.transport, access.email, initial) is not None:
        raise ProxyPasswordError(STILL_OPEN.format(access.email, "it has written into its log"))


def read_secret(path: Path) -> str:
    """Return the password in a file."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ProxyPasswordError(f"cannot read the password in {path} ({error})") from error


def _claim_first(proxy: Proxy, email: str, secret: str) -> None:
    try:
        proxy.create_admin(email, secret)
    except ProxyRefusedError as error:
        if error.status in (401, 403, 404, 500):
            raise ProxyPasswordError(CLAIMED_BY_OTHERS, hint=START_ANEW) from error
        raise


def _sign_in(proxy: Proxy, identity: str, secret: str) -> None:
    if not proxy.session.sign_in(identity, secret):
        raise ProxyPasswordError(f"the proxy does not take the password that {identity} has just been given")
