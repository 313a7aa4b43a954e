"""How often somebody may comment, and how often the author is told by mail."""

from uuid import UUID

from homeport.accounts.limits import hit
from homeport.comments.rows import CommentedEntry
from homeport.db.session import Database

PREVIEWS_PER_ADDRESS = 60
PER_ADDRESS = 10
EDITS = 10
PER_ENTRY = 60
WINDOW_SECONDS = 600
MAILS_PER_HOUR = 20


def count_preview(database: Database, address_hash: bytes | None) -> None:
    """Count a preview, or a form that is no good: it stores nothing, but it has to be rendered.

    Raises LimitReachedError.
    """
    if address_hash:
        key = f"preview from {address_hash.hex()}"
        hit(database, key, limit=PREVIEWS_PER_ADDRESS, window_seconds=WINDOW_SECONDS)


def count_comment(database: Database, entry: CommentedEntry, address_hash: bytes | None) -> None:
    """Count a comment that is about to be stored.

    Raises LimitReachedError; without a believable address only the entry's own limit holds.
    """
    if address_hash:
        hit(database, f"comment from {address_hash.hex()}", limit=PER_ADDRESS, window_seconds=WINDOW_SECONDS)
    hit(database, f"comment on {entry.public_id}", limit=PER_ENTRY, window_seconds=WINDOW_SECONDS)


def count_edit(database: Database, comment_id: UUID) -> None:
    """Count a change of a comment by its writer: each is judged anew, and may be a mail to the author.

    Raises LimitReachedError.
    """
    hit(database, f"edit of {comment_id}", limit=EDITS, window_seconds=WINDOW_SECONDS)


def count_mail(database: Database) -> None:
    """Count a mail about a comment: a flood of comments is no flood of mails.

    Raises LimitReachedError.
    """
    hit(database, "mail about a comment", limit=MAILS_PER_HOUR, window_seconds=3600)
