"""What those who write here decide about comments; every decision can be undone, and teaches the classifier."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from homeport.accounts.audit import Actor, note
from homeport.accounts.permissions import Member
from homeport.blog.models import Byline
from homeport.comments.forms import LONGEST_TEXT
from homeport.comments.models import Block, Response
from homeport.comments.queries.queue import IS_LATELY_DECIDED
from homeport.comments.spamfilter import learn, unlearn
from homeport.comments.writers import blocked_as, words_of_response
from homeport.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from homeport.text.comment import harmless, render_comment

LESSONS = {"shown": "ham", "spam": "spam"}


class NobodyToBlockError(ConflictError):
    """A writer who left nothing that they could be recognised by."""


def take_comments(session: Session, member: Member, public_ids: Iterable[UUID]) -> list[Response]:
    """Return comments, locked for a decision.

    Raises ForbiddenError when one of them stands on an entry that is not the member's to decide about.
    """
    found = session.scalars(
        select(Response).where(Response.public_id.in_(list(public_ids))).order_by(Response.id).with_for_update()
    ).all()
    authors: dict[int, set[int]] = {response.entry_id: set() for response in found}
    for entry_id, author_id in session.execute(
        select(Byline.entry_id, Byline.author_id).where(Byline.entry_id.in_(authors))
    ):
        authors[entry_id].add(author_id)
    if not all(member.may_change(author_ids) for author_ids in authors.values()):
        raise ForbiddenError("this comment is not on an entry of yours")
    return list(found)


def take_comment(session: Session, member: Member, public_id: UUID) -> Response:
    """Return one comment, locked for a change.

    Raises NotFoundError, and ForbiddenError when it is not the member's to decide about.
    """
    found = take_comments(session, member, [public_id])
    if not found:
        raise NotFoundError("there is no such comment")
    return found[0]


def decide(session: Session, responses: Sequence[Response], state: str, actor: Actor) -> None:
    """Give comments a state; the classifier learns from what is let through and from what is spam.

    From now on this is what `undo_last` takes back: of a comment one former state is known, so there is one step back.
    """
    _settle_former(session, actor)
    for response in responses:
        response.previous_state, response.previous_learned = response.state, response.learned
        response.state = state
        response.decided_at, response.decided_by_id = func.now(), actor.account_id
        _teach(session, response, LESSONS.get(state, response.learned))
        if state == "deleted":
            note(session, actor, "comment.deleted", str(response.public_id))
    session.flush()


def undo_last(session: Session, member: Member) -> int:
    """Take back what a member decided last, all at once if it was so decided; return how many comments that were.

    What they decided before that stays as it is.
    """
    own = (Response.decided_by_id == member.account_id, Response.previous_state != "", IS_LATELY_DECIDED)
    latest = select(func.max(Response.decided_at)).where(*own).scalar_subquery()
    undone = session.scalars(select(Response).where(*own, Response.decided_at == latest).with_for_update()).all()
    for response in undone:
        # Whom the same decision blocked is free again: both carry the time of one transaction.
        session.execute(delete(Block).where(Block.created_at == response.decided_at))
        _teach(session, response, response.previous_learned)
        response.state, response.previous_state, response.previous_learned = response.previous_state, "", ""
        response.decided_at = None
    session.flush()
    return len(undone)


def block_writer(session: Session, response: Response, actor: Actor) -> tuple[str, ...]:
    """Send everything that comes from this writer to spam from now on, and this comment too; return by what.

    Raises NobodyToBlockError when they left nothing to be recognised by.
    """
    known = blocked_as(response.writer_email, response.writer_url, response.address_hash)
    if not known or response.author_id is not None:
        raise NobodyToBlockError("this writer left nothing to be recognised by", hint="Mark the comment as spam.")
    blocked = set(session.scalars(select(Block.value).where(Block.value.in_(known.values()))))
    session.add_all(Block(kind=kind, value=value) for kind, value in known.items() if value not in blocked)
    decide(session, [response], "spam", actor)
    note(session, actor, "comment.writer_blocked", str(response.public_id), by=sorted(known))
    return tuple(known)


def unblock(session: Session, block_id: int, actor: Actor) -> None:
    """Let a writer comment again."""
    session.execute(delete(Block).where(Block.id == block_id))
    note(session, actor, "comment.writer_unblocked", str(block_id))


def answer_comment(session: Session, response: Response, text: str, *, member: Member, actor: Actor) -> Response:
    """Answer a comment as one who writes here; one that waited is shown with it.

    Raises InvalidError for an empty text and ConflictError for a comment that readers are not to see.
    """
    text = _checked(text)
    if response.state not in ("held", "shown"):
        raise ConflictError("this comment is not shown", hint="Approve it first.")
    if response.state == "held":
        decide(session, [response], "shown", actor)
    else:
        _settle_former(session, actor)
    answer = Response(
        entry_id=response.entry_id,
        parent_id=response.parent_id or response.id,
        author_id=member.author_id,
        writer_name=member.display_name,
        text=text,
        html=render_comment(text),
        state="shown",
        previous_state="deleted",
        decided_at=func.now(),
        decided_by_id=actor.account_id,
    )
    session.add(answer)
    session.flush()
    return answer


def rewrite_comment(session: Session, response: Response, text: str) -> None:
    """Change the words of a comment; what was learned of the former ones is learned of these.

    Raises InvalidError for an empty text.
    """
    text, learned = _checked(text), response.learned
    _teach(session, response, "")
    response.text, response.html, response.edited_at = text, render_comment(text), func.now()
    _teach(session, response, learned)
    session.flush()


def _settle_former(session: Session, actor: Actor) -> None:
    """Let a member's former decisions stand, so that none of them is ever taken for the last one."""
    former = update(Response).where(
        Response.decided_by_id == actor.account_id, Response.previous_state != "", Response.decided_at < func.now()
    )
    session.execute(former.values(previous_state="", previous_learned=""))


def _teach(session: Session, response: Response, lesson: str) -> None:
    # What those who write here say themselves teaches nothing about strangers.
    if lesson == response.learned or response.author_id is not None:
        return
    words = words_of_response(response)
    if response.learned:
        unlearn(session, words, response.learned)
    if lesson:
        learn(session, words, lesson)
    response.learned = lesson


def _checked(text: str) -> str:
    text = harmless(text).strip("\n")
    if not text.strip():
        raise InvalidError("there is nothing to read yet")
    if len(text) > LONGEST_TEXT:
        raise InvalidError(f"these are {len(text):,} characters; {LONGEST_TEXT:,} is the most")
    return text
