"""The OpenAPI document, made of the same declarations that route and check the requests."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from homeport import __version__
from homeport.accounts.permissions import Permission
from homeport.api.operations import JSON, Operation, Section
from homeport.api.problem_bodies import Problem
from homeport.api.schema import Schema, Schemas
from homeport.api.versions import Version
from homeport.web.errors import WORDS
from homeport.web.problems import CONTENT_TYPE

ABOUT = """\
Everything that the studio does to content, for programs. Make a token in the studio under "API tokens" and send it as
`Authorization: Bearer hp_…`. What a token may do is what its scopes and the role of its account both allow.

Refusals are problem documents (RFC 9457); `faults` has a sentence for each field at fault. Fields that are not known
are refused. Answers may get more fields in later releases; what is documented here stays.
"""
_PLACE = re.compile(r"<(\w+)>")
_PLACES: dict[type, Schema] = {
    int: {"type": "integer", "minimum": 0},
    UUID: {"type": "string", "format": "uuid"},
    str: {"type": "string"},
}
ALWAYS = (404, 429, 503)
_REFUSED = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503)


def document_of(sections: Iterable[Section], prefix: str) -> dict[str, Any]:
    """Return the document for these operations."""
    schemas, sections = Schemas(), list(sections)
    paths: dict[str, dict[str, Any]] = {}
    for section in sections:
        for operation in section.operations:
            place = paths.setdefault(prefix + _PLACE.sub(r"{\1}", operation.rule), {})
            place[operation.method.lower()] = _described(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Homeport", "version": __version__, "description": ABOUT},
        "security": [{"token": []}],
        "tags": [{"name": section.name, "description": section.about} for section in sections],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {str(status): _refusal(status, schemas) for status in sorted(_REFUSED)},
            "schemas": dict(sorted(schemas.named.items())),
        },
    }


def _described(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    summary, _, more = (operation.view.__doc__ or "").strip().partition("\n\n")
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.section],
        "summary": summary,
        "description": "\n\n".join(filter(None, [" ".join(more.split()), _permission(operation.needs)])),
        "parameters": [*_places(operation), *_query(operation, schemas), *_version(operation)],
    }
    if content := _content(operation, schemas):
        described["requestBody"] = {"required": True, "content": content}
    described["responses"] = _answers(operation, schemas)
    return described


def _permission(needs: Permission | None) -> str:
    return f"Scope: `{needs}`." if needs else "Any token that is good."


def _places(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _PLACES[operation.hints[name]]}
        for name in _PLACE.findall(operation.rule)
    ]


def _query(operation: Operation, schemas: Schemas) -> list[dict[str, Any]]:
    if "query" not in operation.hints:
        return []
    # Each parameter is described where it is used; the type of all of them together has no name in the document.
    apart = Schemas()
    apart.named = schemas.named
    reference = apart.of(operation.hints["query"], is_closed=True)
    fields = schemas.resolve(reference)
    schemas.named.pop(operation.hints["query"].__name__)
    return [
        {"name": name, "in": "query", "required": name in fields["required"], "schema": schema}
        for name, schema in fields["properties"].items()
    ]


def _version(operation: Operation) -> list[dict[str, Any]]:
    if "version" not in operation.hints:
        return []
    is_required = operation.hints["version"] is Version
    words = "The ETag of what the change starts from; `*` for whatever there is."
    schema = {"type": "string"}
    return [{"name": "If-Match", "in": "header", "required": is_required, "description": words, "schema": schema}]


def _content(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {"schema": schema} for kind, schema in operation.files.items()}
    if "body" in operation.hints:
        content[JSON] = {"schema": schemas.of(operation.hints["body"], is_closed=True)}
    if operation.text_field:
        content["text/markdown"] = {"schema": {"type": "string"}}
    return content


def _answers(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.of(operation.answer, is_closed=False) if operation.gives == JSON else {"type": "string"}
    headers = {"ETag": {"schema": {"type": "string"}}} if "version" in operation.hints else {}
    answers: dict[str, Any] = {
        str(status): {"description": "Done.", "content": {operation.gives: {"schema": schema}}}
        | ({"headers": headers} if headers else {})
        for status in operation.statuses
    }
    for status in sorted({*_refusals(operation), *operation.refuses}):
        answers[str(status)] = {"$ref": f"#/components/responses/{status}"}
    return answers


def _refusal(status: int, schemas: Schemas) -> dict[str, Any]:
    problem = schemas.of(Problem, is_closed=False)
    return {"description": WORDS[status][1], "content": {CONTENT_TYPE: {"schema": problem}}}


def _refusals(operation: Operation) -> set[int]:
    hints, refusals = operation.hints, {*ALWAYS, 401}
    if operation.needs:
        refusals.add(403)
    if "query" in hints:
        refusals.add(422)
    if "body" in hints or operation.files:
        refusals |= {400, 413, 415, 422}
    if "version" in hints:
        refusals |= {400, 412, 428} if hints["version"] is Version else {400, 412}
    return refusals
