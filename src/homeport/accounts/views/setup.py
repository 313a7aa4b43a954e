"""The first minute: with the link from the terminal, a new site gets its name, its address and its owner."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.audit import note
from homeport.accounts.entrance import let_in
from homeport.accounts.forms import field
from homeport.accounts.guard import open_to_all
from homeport.accounts.links import LinkGoneError
from homeport.accounts.setup import claim_site, find_setup_link, has_accounts
from homeport.accounts.views.newcomer_form import newcomer, offer_passkey, typed
from homeport.accounts.views.refusals import in_a_sentence, refused
from homeport.accounts.visitors import is_safe_connection, require_safe_connection, visitor
from homeport.errors import ConflictError, InvalidError, TooManyRequestsError
from homeport.web.crosssite import is_loopback_host
from homeport.web.database import reader, session
from homeport.web.slots import kernel
from homeport.web.studio import render_studio

blueprint = Blueprint("accounts_setup", __name__, template_folder="../templates")

FIRST_PAGE = "/studio/entries/new"
HOLDER = "only who was given the link knows its token"


@blueprint.get("/setup")
@open_to_all("it says where the link is, and no more")
def where() -> str | Response:
    if has_accounts(reader()):
        return make_response(redirect("/studio", 303))
    return render_studio("accounts/setup_where.html", title="Set up this site")


@blueprint.get("/setup/<token>")
@open_to_all(HOLDER)
def show(token: str) -> str | Response:
    try:
        find_setup_link(reader(), token)
    except LinkGoneError as error:
        return _gone(error)
    return _page()


@blueprint.post("/setup/<token>")
@open_to_all(HOLDER)
def claim(token: str) -> Response:
    require_safe_connection()
    try:
        find_setup_link(reader(), token)
        person = newcomer()
        account = claim_site(session(), token, person)
        kernel().change_site(session(), author_name=person.display_name, **_site_settings())
    except LinkGoneError as error:
        return _gone(error)
    except (InvalidError, ConflictError, TooManyRequestsError) as error:
        return refused(_page(in_a_sentence(error)), error)
    note(session(), visitor(account.name, account.id), "site.set-up", account.name)
    return let_in(account.id, account.name, method="setup", goes_to=FIRST_PAGE)


@blueprint.post("/setup/<token>/passkey")
@open_to_all(HOLDER)
def passkey_options(token: str) -> Response:
    require_safe_connection()
    find_setup_link(reader(), token)
    return offer_passkey()


def _site_settings() -> dict[str, str]:
    """Return what the form says about the site; what has been left empty stays as it is."""
    wanted = {name: field(name) for name in ("title", "address", "time_zone")}
    return {name: value for name, value in wanted.items() if value}


def _page(fault: str = "") -> str:
    site = kernel().current_site()
    own = "" if is_loopback_host() else request.host_url.rstrip("/")
    return render_studio(
        "accounts/setup.html",
        title="Set up this site",
        fault=fault,
        typed=typed("title", "address", "display_name", "account_name"),
        address=site.address or own,
        fixed_address=kernel().settings.site_url,
        is_safe=is_safe_connection(),
    )


def _gone(error: LinkGoneError) -> Response:
    return refused(render_studio("accounts/link_gone.html", title="This link is used up", purpose="setup"), error)
