"""What a program is told when something cannot be done: a problem document as in RFC 9457."""

import json
from typing import Any

from flask import Response, request

from homeport.logs import request_id

API = "/api/"
CONTENT_TYPE = "application/problem+json"


def is_program() -> bool:
    """Say whether the request is for the interface of programs, where every answer is for a program too."""
    return request.path.startswith(API)


def problem(status: int, title: str, detail: str, **more: Any) -> Response:
    """Return a problem document; `more` stands in it beside what every problem has."""
    body = {"title": title, "status": status, "detail": detail, "request_id": request_id.get(), **more}
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype=CONTENT_TYPE)
    if status == 401:
        # RFC 6750, section 3: no word of a fault to who has shown nothing.
        fault = ', error="invalid_token"' if request.authorization else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="Homeport"{fault}'
    return response
