"""Redirects in the studio: where addresses of the past lead."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.guard import requires
from homeport.accounts.permissions import Permission
from homeport.blog.actions import find_entry
from homeport.errors import InvalidError, NotFoundError
from homeport.site.actions import add_redirect, forget_redirect
from homeport.site.permalinks import is_reserved
from homeport.studio import queries
from homeport.web.database import reader, session
from homeport.web.studio import render_studio

blueprint = Blueprint("studio_redirects", __name__, template_folder="templates")


@blueprint.get("/studio/redirects")
@requires(Permission.EDIT)
def show() -> str:
    return _page({"path": "", "target": ""})


@blueprint.post("/studio/redirects")
@requires(Permission.EDIT)
def add() -> str | Response:
    typed = {name: request.form.get(name, "").strip() for name in ("path", "target")}
    try:
        _lead(**typed)
    except (InvalidError, NotFoundError) as error:
        return make_response(_page(typed, f"{error}."), 422)
    return make_response(redirect("/studio/redirects", 303))


@blueprint.post("/studio/redirects/remove")
@requires(Permission.EDIT)
def remove() -> Response:
    forget_redirect(session(), request.form.get("path", ""))
    return make_response(redirect("/studio/redirects", 303))


def _lead(path: str, target: str) -> None:
    """Let a path lead to a place as it is written, or to an entry by its slug, wherever that will live."""
    if is_reserved(path):
        raise InvalidError(f"{path} belongs to the site itself")
    if not target:
        raise InvalidError("write where it leads: a slug, a path or an address")
    if target.startswith(("/", "https://", "http://")) and not target.startswith(("//", "/\\")):
        add_redirect(session(), path, target=target)
    else:
        add_redirect(session(), path, entry_id=find_entry(session(), target).id)


def _page(values: dict[str, str], fault: str = "") -> str:
    wanted = request.args.get("q", "").strip()
    found = queries.find_redirects(reader(), wanted, after=request.args.get("after", ""))
    return render_studio(
        "studio/redirects.html", title="Redirects", values=values, fault=fault, redirects=found, wanted=wanted
    )
