"""How many comments may come from one address, and to one entry, before somebody has to wait."""

from homeport.accounts.limits import hit
from homeport.comments.rows import CommentedEntry
from homeport.db.session import Database

PER_ADDRESS = 10
PER_ENTRY = 60
WINDOW_SECONDS = 600


def count_comment(database: Database, entry: CommentedEntry, address_hash: bytes | None) -> None:
    """Count a comment that is about to be stored.

    Raises LimitReachedError; without a believable address only the entry's own limit holds.
    """
    if address_hash:
        hit(database, f"comment from {address_hash.hex()}", limit=PER_ADDRESS, window_seconds=WINDOW_SECONDS)
    hit(database, f"comment on {entry.public_id}", limit=PER_ENTRY, window_seconds=WINDOW_SECONDS)
