"""The newest entries with their full text, for feeds."""

from sqlalchemy import (
    Connection,
)

from homeport.blog.models import Entry
from homeport.blog.queries.cards import AUTHORS, IN_SERIES, IS_LISTED, NEWEST_FIRST, card_of, cards, tagged
from homeport.blog.rows import (
    AuthorCard,
    FeedEntry,
)
from homeport.db.prepared import PreparedStatement
from homeport.media.models import Media

FEED_SIZE = 20

_FULL = cards(
    Entry.public_id, Entry.feed_id, Entry.html, AUTHORS.label("authors"), Media.content_type, Media.size_bytes
).limit(FEED_SIZE)
_NEWEST = _FULL.where(IS_LISTED).order_by(*NEWEST_FIRST)
_FEED = PreparedStatement("feed", _NEWEST)
_FEED_TAGGED = PreparedStatement("feed_tagged", tagged(_FULL))
_FEED_SERIES = PreparedStatement("feed_series", _NEWEST.where(IN_SERIES))


def list_for_feed(connection: Connection, *, tag: str = "", series: str = "") -> tuple[FeedEntry, ...]:
    """Return the newest listed entries with their full text: of a tag, of a series, or of the whole site."""
    if tag:
        rows = _FEED_TAGGED.execute(connection, {"tag": tag}).mappings()
    elif series:
        rows = _FEED_SERIES.execute(connection, {"series": series}).mappings()
    else:
        rows = _FEED.execute(connection).mappings()
    return tuple(
        FeedEntry(
            card=card_of(row),
            public_id=str(row["public_id"]),
            feed_id=row["feed_id"],
            html=row["html"],
            authors=tuple(AuthorCard(**author) for author in row["authors"]),
            cover_type=row["content_type"] or "",
            cover_size_bytes=row["size_bytes"] or 0,
        )
        for row in rows
    )
