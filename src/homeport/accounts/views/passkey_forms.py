"""The two steps of every form with a passkey: hand out what is to be signed, then check what came back."""

from urllib.parse import urlsplit

from flask import Response, jsonify, request

from homeport.accounts.challenges import Purpose, ask, take
from homeport.accounts.forms import secret
from homeport.accounts.passkeys import (
    Holder,
    NewPasskey,
    Place,
    Proved,
    check_new,
    check_signed,
    creation_options,
    handle_in,
    request_options,
)
from homeport.web.crosssite import is_loopback_host
from homeport.web.database import session
from homeport.web.slots import kernel


def place() -> Place:
    """Return where passkeys live: the domain of the site's address, or this machine by its own name."""
    if is_loopback_host():
        return Place("localhost", request.host_url.rstrip("/"))
    origin = kernel().current_site().address or request.host_url.rstrip("/")
    return Place(urlsplit(origin).hostname or "", origin)


def offer_signing(purpose: Purpose, *, account_id: int | None = None) -> Response:
    """Answer with what an existing passkey is to sign."""
    ticket, challenge = ask(kernel().database, purpose, account_id=account_id)
    return jsonify(ticket=ticket, options=request_options(place(), challenge))


def signed_by(purpose: Purpose, *, account_id: int | None = None) -> Proved:
    """Return whose passkey signed what was offered.

    Raises ChallengeGoneError and PasskeyError.
    """
    asked = take(kernel().database, purpose, secret("ticket"), account_id=account_id)
    return check_signed(session(), place(), asked.value, secret("credential"))


def offer_first(name: str, display_name: str) -> Response:
    """Answer with what is needed to make a passkey for an account that does not exist yet."""
    ticket, challenge = ask(kernel().database, Purpose.FIRST_PASSKEY)
    holder = Holder(handle_in(challenge).bytes, name, display_name)
    return jsonify(ticket=ticket, options=creation_options(place(), holder, challenge))


def first_made() -> tuple[NewPasskey, bytes] | None:
    """Return the passkey that came with a newcomer's form and the handle it was made for; None when none came.

    Raises ChallengeGoneError and PasskeyError.
    """
    if not secret("credential"):
        return None
    asked = take(kernel().database, Purpose.FIRST_PASSKEY, secret("ticket"))
    return check_new(place(), asked.value, secret("credential")), handle_in(asked.value).bytes


def offer_another(account_id: int, holder: Holder, known: list[bytes]) -> Response:
    """Answer with what is needed to make one more passkey for an account."""
    ticket, challenge = ask(kernel().database, Purpose.NEW_PASSKEY, account_id=account_id)
    return jsonify(ticket=ticket, options=creation_options(place(), holder, challenge, known))


def another_made(account_id: int) -> NewPasskey:
    """Return the passkey that was made for an account.

    Raises ChallengeGoneError and PasskeyError.
    """
    asked = take(kernel().database, Purpose.NEW_PASSKEY, secret("ticket"), account_id=account_id)
    return check_new(place(), asked.value, secret("credential"))
