"""Making and withdrawing links that show an entry before it is public."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect
from werkzeug.wrappers import Response as Answer

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.blog.drafts import open_draft
from homeport.blog.sharing import SharedLink, list_links, share_entry, withdraw_link
from homeport.blog.studio.asking import address, sent, wants_json
from homeport.blog.studio.editor import ENTRIES
from homeport.errors import InvalidError
from homeport.site.views import current_site
from homeport.web.database import session

blueprint = Blueprint("blog_sharing", __name__, url_prefix=f"{ENTRIES}/<uuid:public_id>/share")


@blueprint.get("")
@requires(Permission.WRITE)
def listed(public_id: UUID) -> Response:
    draft = open_draft(session(), signed_in(), public_id)
    return jsonify({"links": [_as_json(link) for link in list_links(session(), draft.entry.id)]})


@blueprint.post("")
@requires(Permission.WRITE)
def share(public_id: UUID) -> Answer:
    given = sent().get("days", "")
    if given and not (given.isascii() and given.isdigit() and len(given) < 4):
        raise InvalidError("that is no number of days")
    link = share_entry(session(), signed_in(), public_id, days=int(given) if given else None, address=address())
    if not wants_json():
        return redirect(f"{ENTRIES}/{public_id}#share", 303)
    made = next(each for each in list_links(session(), link.entry_id) if each.number == link.id)
    response = jsonify(_as_json(made))
    response.status_code = 201
    return response


@blueprint.post("/<int:number>/withdraw")
@requires(Permission.WRITE)
def withdraw(public_id: UUID, number: int) -> Answer:
    withdraw_link(session(), signed_in(), public_id, number, address=address())
    return jsonify({"withdrawn": number}) if wants_json() else redirect(f"{ENTRIES}/{public_id}#share", 303)


def _as_json(link: SharedLink) -> dict[str, object]:
    return {
        "number": link.number,
        "path": link.path,
        "url": current_site().absolute(link.path),
        "created_at": link.created_at.isoformat(),
        "expires_at": link.expires_at.isoformat() if link.expires_at else None,
    }
