"""One declaration for each thing that the API does: its route, permission and checks, and its place in the document.

What is taken and given stands in the signature of the view: `query`, `body` and `version` are read and checked
before the view is called, and its return type is what the document promises.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from flask import Response

from homeport.accounts.guard import open_to_all, requires
from homeport.accounts.permissions import Permission
from homeport.api.asking import read_body, read_query
from homeport.api.schema import Schema, Schemas
from homeport.api.versions import Version, read_version, require_version
from homeport.errors import NotFoundError

Body = TypeVar("Body")
View = TypeVar("View", bound=Callable[..., Any])

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply(Generic[Body]):
    """An answer with more than a body: another status, or headers."""

    body: Body
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for; without `needs` it asks for nobody's permission."""

    method: str
    rule: str
    section: str
    view: Callable[..., Any]
    needs: Permission | None
    why_open: str = ""
    statuses: tuple[int, ...] = (200,)
    refuses: tuple[int, ...] = ()
    text_field: str = ""
    files: Mapping[str, Schema] = field(default_factory=dict)
    gives: str = JSON

    @property
    def name(self) -> str:
        """Return what it is called."""
        return self.view.__name__

    @property
    def hints(self) -> dict[str, Any]:
        """Return the types of what the view takes and gives."""
        return hints_of(self.view)

    @property
    def answer(self) -> Any:
        """Return the type of the answer's body."""
        given = self.hints["return"]
        return get_args(given)[0] if get_origin(given) is Reply else given

    def guarded(self) -> Callable[..., Response]:
        """Return the view as it is routed: the permission first, then what was sent, then the answer."""

        @wraps(self.view)
        def answer(**places: Any) -> Response:
            return _response_of(self.view(**_places(self, places), **_read(self)))

        if self.needs is None:
            return open_to_all(self.why_open)(answer)
        return requires(self.needs)(answer)


class Section:
    """The operations on one kind of thing, in the order in which they are declared."""

    def __init__(self, name: str, about: str) -> None:
        self.name = name
        self.about = about
        self.operations: list[Operation] = []

    def operation(self, method: str, rule: str, needs: Permission | None, **more: Any) -> Callable[[View], View]:
        """Declare what a view answers."""

        def declare(view: View) -> View:
            self.operations.append(Operation(method, rule, self.name, view, needs, **more))
            return view

        return declare


@cache
def hints_of(view: Callable[..., Any]) -> dict[str, Any]:
    """Return the types in a view's signature; worked out when it is first asked for, not at every start."""
    return get_type_hints(view, include_extras=True)


def _places(operation: Operation, written: Mapping[str, str]) -> dict[str, Any]:
    """Return what stands in the path, as the view's signature wants it; nothing can be at a number that is none."""
    try:
        return {name: operation.hints[name](text) for name, text in written.items()}
    except ValueError as error:
        raise NotFoundError("there is nothing that is called so") from error


def _read(operation: Operation) -> dict[str, Any]:
    """Return what the view takes beside what stands in the path."""
    hints = operation.hints
    given: dict[str, Any] = {}
    if "query" in hints:
        given["query"] = read_query(_taken(hints["query"]), _TAKEN)
    if "version" in hints:
        given["version"] = require_version() if hints["version"] is Version else read_version()
    if "body" in hints:
        given["body"] = read_body(_taken(hints["body"]), _TAKEN, text_field=operation.text_field)
    return given


_TAKEN = Schemas()


@cache
def _taken(kind: Any) -> Schema:
    return _TAKEN.of(kind, is_closed=True)


def _response_of(answer: Any) -> Response:
    if isinstance(answer, Response):
        return answer
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    text = json.dumps(reply.body, ensure_ascii=False)
    return Response(text, reply.status, reply.headers, mimetype=JSON)
