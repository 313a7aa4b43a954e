"""What visitors change: a comment is stored once, and its writer may mend it for a while. None of this commits."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from homeport.comments.forms import CommentForm
from homeport.comments.models import Response, UsedToken
from homeport.comments.queries.visitor import EDIT_LIFE, is_blocked, is_known_writer
from homeport.comments.rows import CommentedEntry
from homeport.comments.rules import CHANGED, Facts, Judgement, after_change, judge_by
from homeport.comments.spamfilter import Verdict, judge, unlearn, words_of
from homeport.comments.tokens import FormToken
from homeport.comments.writers import blocked_as, words_of_response
from homeport.errors import ConflictError, NotFoundError

ONE_COMMENT_AN_ID = "uq_response_public_id"


class AlreadySentError(ConflictError):
    """The form's token has stored a comment before; it is `comment_id`, unless that has been taken away since."""

    def __init__(self, comment_id: UUID | None) -> None:
        super().__init__("this form was sent before")
        self.comment_id = comment_id


class TooLateError(ConflictError):
    """The time in which its writer may mend a comment is over."""


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment that passed its form: what was typed, by which token, from where."""

    form: CommentForm
    token: FormToken
    address_hash: bytes | None


def store_comment(session: Session, entry: CommentedEntry, given: NewComment, *, rule: str) -> Response:
    """Store a comment in the state that the site's rule gives it.

    Raises AlreadySentError when its token was used, and NotFoundError when what it answers is not there any more.
    """
    _use(session, given.token)
    form = given.form
    judgement, verdict = _judge(session, form, given.address_hash, rule=rule)
    response = Response(
        public_id=given.token.comment_id,
        entry_id=entry.id,
        parent_id=_top_of(session, entry, form.reply_to) if form.reply_to else None,
        writer_name=form.name,
        writer_email=form.email,
        writer_url=form.url,
        text=form.text,
        html=_html_of(form),
        address_hash=given.address_hash,
        state=judgement.state,
        held_because=judgement.because,
        spam_score=verdict.score,
    )
    try:
        with session.begin_nested():
            session.add(response)
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", "") != ONE_COMMENT_AN_ID:
            raise
        # The record of used tokens is younger than the comment: restored from a backup, say.
        raise AlreadySentError(given.token.comment_id) from error
    return response


def edit_own_comment(session: Session, public_id: UUID, form: CommentForm, *, rule: str) -> Response:
    """Let a writer mend a comment; it is judged again, and what the author decided of the former text is forgotten.

    Raises NotFoundError when it is gone and TooLateError when its time is over.
    """
    row = session.execute(
        select(Response, Response.created_at > func.now() - EDIT_LIFE)
        .where(Response.public_id == public_id, Response.state != "deleted")
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError("this comment is not there any more")
    response, is_fresh = row
    if not is_fresh:
        raise TooLateError("the time to edit this comment is over")
    if response.learned:
        unlearn(session, words_of_response(response), response.learned)
    judgement, verdict = _judge(session, form, response.address_hash, rule=rule, but=public_id)
    judgement = after_change(judgement, was_approved=_was_approved(response))
    response.writer_name, response.writer_url = form.name, form.url
    response.text, response.html = form.text, _html_of(form)
    response.learned = response.previous_learned = response.previous_state = ""
    response.spam_score, response.edited_at, response.decided_at = verdict.score, func.now(), None
    if response.state != "spam":
        response.state, response.held_because = judgement.state, judgement.because
    session.flush()
    return response


def _was_approved(response: Response) -> bool:
    """Say whether somebody has let the words through that are changed now, or those before them."""
    if response.state == "shown":
        return response.learned == "ham"
    return response.state == "held" and response.held_because.startswith(CHANGED)


def _html_of(form: CommentForm) -> str:
    # Readers' pages never need it, and its libraries take long to load.
    from homeport.text.comment import render_comment  # noqa: PLC0415

    return render_comment(form.text)


def _use(session: Session, token: FormToken) -> None:
    """Use a token up. Of two forms sent at once the second waits here until the first is stored."""
    using = insert(UsedToken).values(token_hash=token.digest, expires_at=token.expires_at)
    if session.scalars(using.on_conflict_do_nothing().returning(UsedToken.token_hash)).one_or_none() is None:
        stored = select(Response.public_id).where(Response.public_id == token.comment_id, Response.state != "deleted")
        raise AlreadySentError(session.scalars(stored).one_or_none())


def _top_of(session: Session, entry: CommentedEntry, public_id: UUID) -> int:
    """Return the comment below which an answer to `public_id` stands: replies are one level deep."""
    answered = select(func.coalesce(Response.parent_id, Response.id)).where(
        Response.public_id == public_id, Response.entry_id == entry.id, Response.state == "shown"
    )
    found = session.scalars(answered).one_or_none()
    if found is None:
        raise NotFoundError("the comment that this answers is not there any more")
    return found


def _judge(
    session: Session, form: CommentForm, address_hash: bytes | None, *, rule: str, but: UUID | None = None
) -> tuple[Judgement, Verdict]:
    connection = session.connection()
    verdict = judge(connection, words_of(form.text, name=form.name, url=form.url, email=form.email))
    facts = Facts(
        is_trapped=form.is_trapped,
        is_blocked=is_blocked(connection, blocked_as(form.email, form.url, address_hash).values()),
        is_known=is_known_writer(connection, form.name, form.email, but=but),
        verdict=verdict,
    )
    return judge_by(rule, facts), verdict
