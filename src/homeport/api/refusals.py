"""What a program is told beyond the usual words: the fault at each field, both texts of a conflict, who uses a file."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from homeport.api.asking import InputError, UnknownKindError, UnreadableBodyError
from homeport.api.versions import VersionMissingError, VersionPassedError, VersionUnreadableError
from homeport.blog.forms import FieldsError
from homeport.blog.media_use import MediaInUseError
from homeport.blog.merging import EditConflictError
from homeport.errors import GoneError, HomeportError, NotFoundError
from homeport.exchange.notices import FileRefusedError
from homeport.media.errors import MediaTooLargeError
from homeport.web.errors import WORDS, sentence_of
from homeport.web.problems import problem

NAMES = {"cover_media_id": "cover"}
"""Fields that are called otherwise here than in the editor's form."""


def answer_with(blueprint: Blueprint) -> None:
    """Let the answers of a blueprint say what its errors know."""
    handlers: dict[type[Exception], Callable[[Any], Response]] = {
        InputError: _input,
        FieldsError: _fields,
        FileRefusedError: _file,
        EditConflictError: _conflict,
        UnreadableBodyError: lambda error: _refusal(400, error),
        UnknownKindError: lambda error: _refusal(415, error),
        VersionUnreadableError: lambda error: _refusal(400, error),
        VersionPassedError: lambda error: _refusal(412, error),
        VersionMissingError: lambda error: _refusal(428, error),
        MediaInUseError: _media_in_use,
        MediaTooLargeError: lambda error: _refusal(413, error),
        NotFoundError: lambda error: _refusal(404, error),
        GoneError: lambda error: _refusal(410, error),
    }
    for kind, handler in handlers.items():
        blueprint.register_error_handler(kind, handler)


def named(faults: dict[str, str]) -> dict[str, str]:
    """Return the faults of the editor's form by the names that the fields have here."""
    return {NAMES.get(name, name): sentence for name, sentence in faults.items()}


def _input(error: InputError) -> Response:
    return _refusal(422, error, faults=error.faults)


def _fields(error: FieldsError) -> Response:
    return _refusal(422, error, faults=named(error.faults))


def _file(error: FileRefusedError) -> Response:
    place = f"line {error.line}: " if error.line else ""
    return problem(422, WORDS[422][0], f"The text cannot be taken. {place}{error}", faults={"markdown": str(error)})


def _conflict(error: EditConflictError) -> Response:
    conflict = error.conflict
    return _refusal(
        412,
        error,
        version=conflict.version,
        theirs=named(conflict.theirs),
        merged=named(conflict.merged.form),
        has_marks=conflict.merged.has_marks,
        disputed=[NAMES.get(name, name) for name in conflict.merged.disputed],
        changed_by=conflict.changed_by,
        changed_at=conflict.changed_at.isoformat(),
    )


def _media_in_use(error: MediaInUseError) -> Response:
    return _refusal(409, error, uses=[{"title": use.title, "path": use.href} for use in error.uses])


def _refusal(status: int, error: HomeportError, **more: Any) -> Response:
    return problem(status, WORDS[status][0], sentence_of(error), **more)
