"""The part of a form in which somebody says who they are and how they will prove it: setting up, and joining."""

from uuid import UUID

from flask import Response, request

from homeport.accounts.browsers import browser_name
from homeport.accounts.forms import field, secret
from homeport.accounts.newcomers import Newcomer, account_name_of
from homeport.accounts.views.passkey_forms import first_made, offer_first
from homeport.errors import InvalidError

LONGEST_SHOWN = 300


def newcomer() -> Newcomer:
    """Return who the form tells of.

    Raises InvalidError for a field that cannot be taken, and for a passkey that proves nothing.
    """
    display_name = field("display_name")
    if not display_name:
        raise InvalidError("your own name is missing", hint="Readers see it above what you write.")
    made = first_made()
    return Newcomer(
        account_name=field("account_name").lower(),
        display_name=display_name,
        password=secret("password"),
        passkey=made[0] if made else None,
        passkey_name=browser_name(request.user_agent.string),
        handle=UUID(bytes=made[1]) if made else None,
    )


def offer_passkey() -> Response:
    """Answer with what is needed to make a passkey for whom the form tells of."""
    display_name = field("display_name")
    name = field("account_name").lower() or account_name_of(display_name)
    return offer_first(name or "me", display_name or name or "me")


def typed(*names: str) -> dict[str, str]:
    """Return what was typed, to be shown again; never a password."""
    return {name: request.form.get(name, "")[:LONGEST_SHOWN] for name in names}
