"""What a visitor's form needs to know: the entry, the comment that is answered, their own, and how they are known."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from homeport.accounts.models import Author
from homeport.blog.models import Byline, Entry
from homeport.blog.queries.cards import IS_LIVE
from homeport.comments.models import Block, Response, UsedToken
from homeport.comments.queries.conversation import AGE_DAYS, ANSWERS, comment_of, shown
from homeport.comments.rows import CommentedEntry, OwnComment, ShownComment

EDIT_LIFE = timedelta(minutes=15)

TITLE = func.coalesce(func.nullif(Entry.title, ""), func.nullif(func.left(Entry.excerpt, 80), ""), "Untitled")
_AUTHOR_IDS = select(func.array_agg(Byline.author_id)).where(Byline.entry_id == Entry.id).scalar_subquery()
_COMMENTED = select(
    Entry.id,
    Entry.public_id,
    Entry.path,
    TITLE.label("title"),
    Entry.kind,
    Entry.comments_open,
    AGE_DAYS.label("age_days"),
    _AUTHOR_IDS.label("author_ids"),
).where(IS_LIVE)


def find_commented_entry(connection: Connection, public_id: UUID) -> CommentedEntry | None:
    """Return a live entry by its public id."""
    row = connection.execute(_COMMENTED.where(Entry.public_id == public_id)).mappings().one_or_none()
    return CommentedEntry(**{**row, "author_ids": tuple(row["author_ids"] or ())}) if row else None


def find_answered(connection: Connection, entry_id: int, public_id: UUID) -> ShownComment | None:
    """Return the shown comment of an entry that somebody wants to answer."""
    wanted = select(shown()).select_from(Response).outerjoin(Author, Author.id == Response.author_id)
    row = connection.execute(
        wanted.where(Response.entry_id == entry_id, Response.public_id == public_id, Response.state == "shown")
    ).scalar_one_or_none()
    return comment_of(row) if row else None


_thread, _any = aliased(Response), aliased(Response)
_SOME = select(_any.id).where(_any.entry_id == Response.entry_id, _any.state == "shown").limit(ANSWERS + 1)
_OWN = select(
    Response.public_id,
    Response.state,
    Response.writer_name.label("name"),
    Response.writer_email.label("email"),
    Response.writer_url.label("url"),
    Response.text,
    Response.html,
    Response.created_at,
    (Response.created_at > func.now() - EDIT_LIFE).label("is_fresh"),
    Entry.public_id.label("entry_public_id"),
    Entry.path.label("entry_path"),
    TITLE.label("entry_title"),
    select(_thread.public_id).where(_thread.id == Response.parent_id).scalar_subquery().label("thread"),
    (select(func.count()).select_from(_SOME.correlate(Response).subquery("some")).scalar_subquery() > ANSWERS).label(
        "is_in_long_conversation"
    ),
).join(Entry, Entry.id == Response.entry_id)


def find_own_comment(connection: Connection, public_id: UUID) -> OwnComment | None:
    """Return a comment for its writer; one that was deleted is not there any more."""
    wanted = _OWN.where(Response.public_id == public_id, Response.state != "deleted", IS_LIVE)
    row = connection.execute(wanted).mappings().one_or_none()
    return OwnComment(**row) if row else None


def is_used(connection: Connection, token_hash: bytes) -> bool:
    """Say whether a form's token has stored its comment already."""
    used = select(UsedToken.token_hash).where(UsedToken.token_hash == token_hash)
    return connection.execute(select(used.exists())).scalar_one()


def is_known_writer(connection: Connection, name: str, email: str, *, but: UUID | None = None) -> bool:
    """Say whether the author has approved a comment by this name and mail before."""
    if not email:
        return False
    approved = select(Response.id).where(
        func.lower(Response.writer_email) == email.lower(),
        Response.writer_name == name,
        Response.state == "shown",
        Response.learned == "ham",
    )
    if but is not None:
        approved = approved.where(Response.public_id != but)
    return connection.execute(select(approved.exists())).scalar_one()


def is_blocked(connection: Connection, values: Iterable[str]) -> bool:
    """Say whether any of these values of a writer is blocked."""
    return connection.execute(select(select(Block.id).where(Block.value.in_(list(values))).exists())).scalar_one()
