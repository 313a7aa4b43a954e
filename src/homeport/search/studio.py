"""Search over everything, as a page and for the command palette."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.search.queries import find_everything
from homeport.web.database import reader
from homeport.web.studio import render_studio

blueprint = Blueprint("search_studio", __name__, template_folder="templates")


@blueprint.get("/studio/search")
@requires(Permission.READ)
def search() -> str | Response:
    member, asked = signed_in(), request.args.get("q", "")
    mine = None if member.may(Permission.EDIT) else member.author_id
    found = find_everything(reader(), asked, author_id=mine)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify([asdict(each) for each in found])
    return render_studio("search/studio.html", title="Search", asked=asked, found=found)
