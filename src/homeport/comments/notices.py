"""Tells those whose entry it is that somebody has answered."""

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from homeport.accounts.models import Account
from homeport.comments.models import Response
from homeport.comments.rows import CommentedEntry
from homeport.mail.errors import MailAddressError
from homeport.mail.queue import send_later
from homeport.settings import Settings
from homeport.site.rows import SiteCard

log = logging.getLogger("homeport.comments")

LONGEST_EXCERPT = 1_000


def tell_authors(
    session: Session, settings: Settings, site: SiteCard, entry: CommentedEntry, response: Response
) -> None:
    """Have a mail sent about a new comment, in its transaction."""
    for to in _addresses(session, entry):
        try:
            send_later(session, settings, to=to, subject=_subject(entry, response), text=_text(site, entry, response))
        except MailAddressError as error:
            log.warning("nobody is told of a comment by mail: %s", error)


def _addresses(session: Session, entry: CommentedEntry) -> list[str]:
    """Return the mail addresses of the entry's authors, or the owners' where no author can be reached."""
    reachable = select(Account.email).where(Account.is_active, Account.email != "").order_by(Account.id)
    own = session.scalars(reachable.where(Account.author_id.in_(entry.author_ids))).all()
    return list(own or session.scalars(reachable.where(Account.role == "owner")))


def _subject(entry: CommentedEntry, response: Response) -> str:
    return f"{response.writer_name} commented on {entry.title}"


def _text(site: SiteCard, entry: CommentedEntry, response: Response) -> str:
    words = response.text[:LONGEST_EXCERPT] + ("…" if len(response.text) > LONGEST_EXCERPT else "")
    quoted = "\n".join(f"> {line}" for line in words.splitlines())
    what = "It is shown." if response.state == "shown" else f"It waits for you: {response.held_because}."
    return (
        f"{response.writer_name} wrote on {entry.title}:\n\n{quoted}\n\n{what}\n\n"
        f"The entry: {site.absolute(entry.path)}\nAll comments: {site.absolute('/studio/comments')}\n"
    )
