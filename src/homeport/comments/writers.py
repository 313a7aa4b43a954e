"""What a writer is blocked by, and all that is kept of one person: shown to them, or forgotten."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from homeport.blog.models import Entry
from homeport.comments.models import Block, Response, SpamWord
from homeport.comments.spamfilter import forget_names, names_of, unlearn, words_of
from homeport.errors import InvalidError


def blocked_as(email: str, url: str, address_hash: bytes | None) -> dict[str, str]:
    """Return by kind the values under which a writer is blocked; whatever they left empty is none."""
    parts = urlsplit(url.lower())
    site = f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"
    values = {
        "email": f"mail {email.lower()}" if email else "",
        "site": f"site {site}" if url else "",
        "address": f"address {address_hash.hex()}" if address_hash else "",
    }
    return {kind: value for kind, value in values.items() if value}


def words_of_response(response: Response) -> frozenset[str]:
    """Return what the classifier knows a stored comment by."""
    return words_of(response.text, name=response.writer_name, url=response.writer_url, email=response.writer_email)


_KEPT = (
    select(
        Response.public_id,
        Entry.path.label("entry"),
        Response.source,
        Response.state,
        Response.writer_name.label("name"),
        Response.writer_email.label("mail"),
        Response.writer_url.label("site"),
        Response.text,
        Response.held_because,
        Response.spam_score,
        Response.learned.label("taught_the_filter"),
        Response.address_hash,
        Response.created_at,
        Response.edited_at,
        Response.decided_at,
    )
    .join(Entry, Entry.id == Response.entry_id)
    .order_by(Response.created_at, Response.id)
)
_one = aliased(Response)


def export_person(connection: Connection, who: str) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is kept of a person, as values that JSON takes: their comments, and how they are blocked.

    `who` is their mail address or the id of a comment of theirs; one without a mail address stands for itself alone.
    Raises InvalidError when it is neither.
    """
    rows = connection.execute(_KEPT.where(_is_theirs(who))).mappings().all()
    known = _known_by(who, ((row["mail"], row["site"], row["address_hash"]) for row in rows))
    blocks = connection.execute(
        select(Block.kind, Block.value, Block.created_at).where(Block.value.in_(known)).order_by(Block.id)
    ).mappings()
    return {"comments": [_as_json(row) for row in rows], "blocked": [_as_json(row) for row in blocks]}


def erase_person(session: Session, who: str) -> int:
    """Forget everything of a person and return how many comments that were; `who` as in `export_person`.

    What they were blocked by and what the classifier learned of them goes too. Answers of others to them stay.
    """
    own = session.scalars(select(Response).where(_is_theirs(who)).order_by(Response.id).with_for_update()).all()
    known = _known_by(who, ((one.writer_email, one.writer_url, one.address_hash) for one in own))
    session.execute(delete(Block).where(Block.value.in_(known)))
    forget_comments(session, own, with_lessons=True)
    session.execute(delete(SpamWord).where(SpamWord.spam == 0, SpamWord.ham == 0))
    return len(own)


def forget_comments(session: Session, responses: Sequence[Response], *, with_lessons: bool) -> None:
    """Delete comments for good, with all that the classifier learned of them or with who they were by alone."""
    for one in responses:
        words = words_of_response(one)
        if one.learned and with_lessons:
            unlearn(session, words, one.learned)
        elif one.learned:
            names = names_of(one.writer_name, one.writer_url, one.writer_email)
            forget_names(session, names & words, one.learned)
    gone = [one.id for one in responses]
    # Whatever others have answered stays.
    session.execute(update(Response).where(Response.parent_id.in_(gone)).values(parent_id=None))
    session.execute(delete(Response).where(Response.id.in_(gone)))


def _is_theirs(who: str) -> ColumnElement[bool]:
    who = who.strip()
    if "@" in who:
        return func.lower(Response.writer_email) == who.lower()
    try:
        comment_id = UUID(who)
    except ValueError as error:
        raise InvalidError(
            "this is neither a mail address nor the id of a comment", hint="The id is in a comment's studio address."
        ) from error
    mail = select(func.lower(_one.writer_email)).where(_one.public_id == comment_id, _one.writer_email != "")
    return or_(Response.public_id == comment_id, func.lower(Response.writer_email) == mail.scalar_subquery())


def _known_by(who: str, left: Iterable[tuple[str, str, bytes | None]]) -> set[str]:
    """Return by what a person may be blocked: by everything that they left anywhere."""
    known = set(blocked_as(who.strip(), "", None).values()) if "@" in who else set()
    return known.union(*(blocked_as(email, url, address_hash).values() for email, url, address_hash in left))


def _as_json(row: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, str | int | float) else str(value)
