"""What a decision was made about: its writer may change a comment while somebody reads it in the queue."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from homeport.comments.models import Response
from homeport.comments.rows import seen_of
from homeport.errors import ConflictError


class ChangedMeanwhileError(ConflictError):
    """What was to be decided about says something else by now."""


def require_seen(responses: Iterable[Response], seen: Mapping[UUID, str]) -> None:
    """Refuse a decision about comments that do not say what whoever decides has `seen`.

    Raises ChangedMeanwhileError.
    """
    for one in responses:
        if seen.get(one.public_id) != seen_of(one.writer_name, one.writer_url, one.text):
            raise ChangedMeanwhileError("this changed while you read it", hint="Nothing is decided; this is it now.")
