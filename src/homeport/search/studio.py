"""Search over everything, as a page and for the command palette."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.search.queries import Found, best_first, find_everything
from homeport.web.database import reader
from homeport.web.studio import menu_of, render_studio

blueprint = Blueprint("search_studio", __name__, template_folder="templates")


@blueprint.get("/studio/search")
@requires(Permission.READ)
def search() -> str | Response:
    member, asked = signed_in(), request.args.get("q", "")
    mine = None if member.may(Permission.EDIT) else member.author_id
    found = best_first(
        asked,
        *_places(asked),
        *find_everything(reader(), asked, author_id=mine, with_people=member.may(Permission.MANAGE)),
    )
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify([asdict(each) for each in found])
    return render_studio("search/studio.html", title="Search", asked=asked, found=found)


def _places(asked: str) -> list[Found]:
    """Return the pages of the studio where something of that name is set or seen."""
    words = asked.casefold().split()
    named = [(item, f"{item.label}, {item.about}".casefold()) for item in menu_of(signed_in())]
    return [
        Found("page", item.label, item.about, item.path)
        for item, text in named
        if words and all(word in text for word in words)
    ]
