"""Tells authors of comments by mail, and forgets once a day what is kept of visitors only for a while."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from homeport.comments.models import Block, Response, SpamWord, UsedToken
from homeport.comments.notices import write_notice, write_summary
from homeport.comments.writers import forget_comments
from homeport.db.session import Database
from homeport.mail.errors import MailAddressError
from homeport.mail.jobs import send
from homeport.settings import Settings
from homeport.site.queries import load_site
from homeport.site.rows import SiteCard

log = logging.getLogger("homeport.comments")

ADDRESS_LIFE = timedelta(days=30)
BIN_LIFE = timedelta(days=30)
"""How long spam and what was deleted can be brought back."""

AT_ONCE = 200
TOKEN_GRACE = timedelta(days=1)
"""How long a used token is remembered after it has expired: longer than any clock here is wrong."""

Payload = dict[str, Any]
Write = Callable[[Connection, SiteCard, Mapping[str, Any]], dict[str, str] | None]


def tell(database: Database, settings: Settings, payload: Payload) -> None:
    """Write to one author about one comment, unless it is gone by now."""
    _send(database, settings, payload, write_notice)


def tell_more(database: Database, settings: Settings, payload: Payload) -> None:
    """Write to one author about all the comments of an hour that had too many for a mail each."""
    _send(database, settings, payload, write_summary)


def forget(database: Database, _settings: Settings, _payload: Payload) -> None:
    """Forget spam, what was deleted and network addresses after 30 days, and what counts nothing any more."""
    while _empty_bin(database) == AT_ONCE:
        pass
    with database.transaction() as session:
        before = func.now() - ADDRESS_LIFE
        session.execute(
            update(Response)
            .where(Response.created_at < before, Response.address_hash.is_not(None))
            .values(address_hash=None)
        )
        session.execute(delete(Block).where(Block.kind == "address", Block.created_at < before))
        session.execute(delete(UsedToken).where(UsedToken.expires_at < func.now() - TOKEN_GRACE))
        session.execute(delete(SpamWord).where(SpamWord.spam == 0, SpamWord.ham == 0))


def _empty_bin(database: Database) -> int:
    """Erase some of what nobody has brought back; what the classifier took from it stays, without whose it was."""
    last_touched = func.greatest(Response.created_at, Response.decided_at, Response.edited_at)
    old = (
        select(Response)
        .where(Response.state.in_(("spam", "deleted")), last_touched < func.now() - BIN_LIFE)
        .order_by(Response.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    with database.transaction() as session:
        responses = session.scalars(old).all()
        forget_comments(session, responses, with_lessons=False)
    return len(responses)


def _send(database: Database, settings: Settings, payload: Payload, write: Write) -> None:
    with database.reader() as connection:
        parts = write(connection, load_site(connection, address=settings.site_url), payload)
    if parts is None:
        return
    # Python's mail library is large, and a worker may never need it.
    from homeport.mail.letter import Letter  # noqa: PLC0415

    named = parts.pop("message_id")
    try:
        letter = Letter.write(sender=settings.mail.sender, **parts)
    except MailAddressError as error:
        log.warning("nobody is told of a comment by mail: %s", error)
        return
    letter = replace(letter, message_id=f"<{named}@{settings.mail.sender.rpartition('@')[2]}>")
    send(database, settings, letter.as_payload())
