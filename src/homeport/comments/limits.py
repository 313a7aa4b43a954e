"""How often somebody may comment, and how often the author is told by mail."""

from homeport.accounts.limits import LimitReachedError, hit
from homeport.comments.rows import CommentedEntry
from homeport.db.session import Database

PREVIEWS_PER_ADDRESS = 60
PER_ADDRESS = 10
PER_ENTRY = 60
WINDOW_SECONDS = 600
MAILS_PER_HOUR = 20


def count_preview(database: Database, address_hash: bytes | None) -> None:
    """Count a preview: it stores nothing, but it has to be rendered.

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


def may_tell(database: Database) -> bool:
    """Count a mail about a comment, and say whether it should be sent: a flood of comments is no flood of mails."""
    try:
        hit(database, "mail about a comment", limit=MAILS_PER_HOUR, window_seconds=3600)
    except LimitReachedError:
        return False
    return True
