"""Signs a browser in once somebody has proved who they are, and lets it go again."""

from flask import Response, make_response, redirect, request

from homeport.accounts.audit import note
from homeport.accounts.devices import remember_device
from homeport.accounts.guard import remember, sign_in_token
from homeport.accounts.signins import close_sign_in, open_sign_in
from homeport.accounts.visitors import visitor
from homeport.web.database import session

HOME = "/studio"


def let_in(account_id: int, name: str, *, method: str, goes_to: str = HOME) -> Response:
    """Return the answer that signs the browser in, with a token that nobody has seen before, and leads on."""
    close_sign_in(session(), sign_in_token())
    token = open_sign_in(
        session(),
        account_id,
        method=method,
        user_agent=request.user_agent.string,
        address=request.remote_addr or "",
    )
    note(session(), visitor(name, account_id), "sign-in.open", name, method=method)
    return remember_device(remember(make_response(redirect(goes_to, 303)), token), name)
