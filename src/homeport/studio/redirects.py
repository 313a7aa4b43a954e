"""Redirects in the studio: where addresses of the past lead."""

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.guard import requires
from homeport.accounts.permissions import Permission
from homeport.blog.leading import lead_path
from homeport.blog.queries.redirects import find_redirects
from homeport.errors import InvalidError, NotFoundError
from homeport.site.actions import forget_redirect
from homeport.web.database import reader, session
from homeport.web.forms import text_field
from homeport.web.studio import render_studio

blueprint = Blueprint("studio_redirects", __name__, template_folder="templates")


@blueprint.get("/studio/redirects")
@requires(Permission.EDIT)
def show() -> str:
    return _page({"path": "", "target": ""})


@blueprint.post("/studio/redirects")
@requires(Permission.EDIT)
def add() -> str | Response:
    typed = {name: text_field(name) for name in ("path", "target")}
    try:
        lead_path(session(), **typed)
    except (InvalidError, NotFoundError) as error:
        return make_response(_page(typed, f"{error}."), 422)
    return make_response(redirect("/studio/redirects", 303))


@blueprint.post("/studio/redirects/remove")
@requires(Permission.EDIT)
def remove() -> Response:
    forget_redirect(session(), text_field("path"))
    return make_response(redirect("/studio/redirects", 303))


def _page(values: dict[str, str], fault: str = "") -> str:
    wanted = request.args.get("q", "").strip()
    found = find_redirects(reader(), wanted, after=request.args.get("after", ""))
    return render_studio(
        "studio/redirects.html", title="Redirects", values=values, fault=fault, redirects=found, wanted=wanted
    )
