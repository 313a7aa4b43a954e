"""The API's first version at `/api/v1`: every operation at its route, behind the token's limits."""

import json
from functools import cache

from flask import Blueprint, Response, request

from homeport.accounts.guard import current_member, open_to_all
from homeport.accounts.limits import hit
from homeport.accounts.visitors import count_by_address
from homeport.api import comments, entries, entry_parts, files, me, media, redirects, settings, taxonomy
from homeport.api.document import document_of
from homeport.api.operations import JSON
from homeport.api.refusals import answer_with
from homeport.web.slots import kernel

PREFIX = "/api/v1"
SECTIONS = (
    entries.section,
    files.section,
    entry_parts.section,
    media.section,
    taxonomy.section,
    comments.section,
    redirects.section,
    settings.section,
    me.section,
)
REQUESTS_BY_TOKEN = 1200
REFUSALS_BY_ADDRESS = 120
WINDOW_SECONDS = 60

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
answer_with(blueprint)


@blueprint.before_request
def count_request() -> None:
    """Count the request against its token, or against the address of somebody who shows none that is good."""
    if request.endpoint == "api.openapi":
        return
    member = current_member()
    if member is not None and member.token_id is not None:
        key = f"api:token:{member.token_id}"
        hit(kernel().database, key, limit=REQUESTS_BY_TOKEN, window_seconds=WINDOW_SECONDS)
    else:
        count_by_address("api", limit=REFUSALS_BY_ADDRESS, window_seconds=WINDOW_SECONDS)


@blueprint.get("/openapi.json")
@open_to_all("it describes the API and tells nothing about this site")
def openapi() -> Response:
    """Return the document that describes all of this."""
    return Response(openapi_text(), mimetype=JSON)


@cache
def openapi_text() -> str:
    """Return the OpenAPI document as it is served and kept in `docs/`."""
    return json.dumps(document_of(SECTIONS, PREFIX), indent=2, ensure_ascii=False) + "\n"


for _section in SECTIONS:
    for _operation in _section.operations:
        blueprint.add_url_rule(_operation.rule, _operation.name, _operation.guarded(), methods=[_operation.method])
