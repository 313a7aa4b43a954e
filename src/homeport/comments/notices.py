"""Tells those whose entry it is that somebody has answered; what waits for the mail server names nobody but them."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from homeport.accounts.models import Account
from homeport.blog.models import Byline, Entry
from homeport.comments.models import Response
from homeport.comments.queries.places import IS_APART, THREAD
from homeport.comments.queries.visitor import TITLE
from homeport.comments.rows import CommentedEntry, path_of_comment
from homeport.jobs.queue import enqueue
from homeport.site.rows import SiteCard

log = logging.getLogger("homeport.comments")

TELL, TELL_MORE = "comments.tell", "comments.tell_more"
HOUR = timedelta(hours=1)
LONGEST_EXCERPT = 1_000


def tell_authors(session: Session, entry: CommentedEntry, response: Response) -> None:
    """Have a mail sent about a comment, in its transaction; it is written when it is sent, from what is there then."""
    for account_id in _reachable(session.connection(), entry.author_ids):
        about = {"comment": str(response.public_id), "path": f"/studio/comments/{response.public_id}"}
        key = f"{TELL} {response.public_id} {account_id}"
        enqueue(session, TELL, {**about, "account": account_id}, key=key)


def tell_more_later(session: Session, entry: CommentedEntry, seconds_left: int) -> None:
    """Have one mail sent, when the hour is over, about all the comments that came in it."""
    until = datetime.now(UTC) + timedelta(seconds=seconds_left)
    for account_id in _reachable(session.connection(), entry.author_ids):
        said = {"account": account_id, "since": (until - HOUR).isoformat(), "path": "/studio/comments"}
        enqueue(session, TELL_MORE, said, run_at=until, key=f"{TELL_MORE} {account_id}")


def write_notice(connection: Connection, site: SiteCard, payload: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the letter about one comment; None when nobody needs it any more: it is gone, or spam by now."""
    told = select(
        Response.public_id,
        Response.writer_name,
        Response.text,
        Response.state,
        Response.held_because,
        Response.edited_at,
        Entry.path,
        TITLE.label("title"),
        THREAD.label("thread"),
        IS_APART.label("is_apart"),
    ).join(Entry, Entry.id == Response.entry_id)
    row = connection.execute(
        told.where(
            Response.public_id == UUID(payload["comment"]),
            Response.state.in_(("held", "shown")),
            Entry.deleted_at.is_(None),
        )
    ).one_or_none()
    to = _address_of(connection, payload["account"])
    if row is None or not to:
        return None
    return {
        "to": to,
        "subject": f"{row.writer_name} {'changed a comment' if row.edited_at else 'commented'} on {row.title}",
        "text": _text(site, row),
        # The same letter, however often it is tried: a mail program shows it once.
        "message_id": str(uuid5(row.public_id, f"{payload['account']} {row.edited_at}")),
    }


def write_summary(connection: Connection, site: SiteCard, payload: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the letter about an hour in which more came than is told one by one; None if all of it was spam."""
    since, account_id = datetime.fromisoformat(payload["since"]), payload["account"]
    own = select(Byline.entry_id).join(Account, Account.author_id == Byline.author_id).where(Account.id == account_id)
    owns_all = select(Account.id).where(Account.id == account_id, Account.role == "owner").exists()
    counted = select(func.count(), func.count().filter(Response.state == "held")).where(
        Response.created_at.between(since, since + HOUR),
        Response.state.in_(("held", "shown")),
        Response.author_id.is_(None),
        or_(owns_all, Response.entry_id.in_(own)),
    )
    came, waiting = connection.execute(counted).one()
    to = _address_of(connection, account_id)
    if not came or not to:
        return None
    return {
        "to": to,
        "subject": f"Comments in an hour: {came}, waiting: {waiting}",
        "text": f"Between {_clock(site, since)} and {_clock(site, since + HOUR)} more comments came than the site "
        f"writes mails about.\n\nOn your entries: {came}\nWaiting for you: {waiting}\n\n{_all_comments(site)}",
        "message_id": str(uuid5(UUID(int=account_id), payload["since"])),
    }


def _reachable(connection: Connection, author_ids: tuple[int, ...]) -> list[int]:
    """Return the accounts of the entry's authors, or the owners' where no author can be reached."""
    reachable = select(Account.id).where(Account.is_active, Account.email != "").order_by(Account.id)
    own = connection.scalars(reachable.where(Account.author_id.in_(author_ids))).all()
    return list(own or connection.scalars(reachable.where(Account.role == "owner")))


def _address_of(connection: Connection, account_id: int) -> str:
    wanted = select(Account.email).where(and_(Account.id == account_id, Account.is_active))
    return connection.scalars(wanted).one_or_none() or ""


def _text(site: SiteCard, row: Row[Any]) -> str:
    words = row.text[:LONGEST_EXCERPT] + ("…" if len(row.text) > LONGEST_EXCERPT else "")
    quoted = "\n".join(f"> {line}" for line in words.splitlines())
    what = "It is shown." if row.state == "shown" else f"It waits for you: {row.held_because}."
    link = f"{_place(site, row)}\n" if site.address and row.path else ""
    return f"{row.writer_name} wrote on {row.title}:\n\n{quoted}\n\n{what}\n\n{link}{_all_comments(site)}"


def _place(site: SiteCard, row: Row[Any]) -> str:
    if row.state != "shown":
        return f"The entry: {site.absolute(row.path)}"
    path = path_of_comment(row.path, row.public_id, row.thread, is_apart=row.is_apart)
    return f"The comment: {site.absolute(path)}"


def _all_comments(site: SiteCard) -> str:
    # A path alone is no link in a mail, but it says where to look.
    return (
        f"All comments: {site.absolute('/studio/comments')}\n" if site.address else "All comments are in the studio.\n"
    )


def _clock(site: SiteCard, moment: datetime) -> str:
    return moment.astimezone(site.time_zone).strftime("%H:%M")
