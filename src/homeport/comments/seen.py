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
        if seen.get(one.public_id) != words_seen(one):
            raise ChangedMeanwhileError("this changed while you read it", hint="Nothing is decided; this is it now.")


def words_seen(response: Response) -> str:
    """Return what tells a comment's present words from any others."""
    return seen_of(response.writer_name, response.writer_url, response.text)
