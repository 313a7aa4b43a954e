"""What a feed says, as plain values: the three formats are written from the same rows and so cannot disagree."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from homeport.blog.rows import AuthorCard, TagCard

# What may stand in a path as it is; everything else, `%` included, is text to be encoded.
SAFE_IN_PATHS = "/:@!$&'()*+,;=~"

# An empty feed still has to name an instant, and the same one every time or its ETag would change.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """The cover image of an entry, as a file that a feed reader may fetch."""

    path: str
    content_type: str
    size_bytes: int
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An entry with its full text; `title` is empty for a note without one, `html` has no relative links left."""

    path: str
    public_id: str
    feed_id: str
    title: str
    summary: str
    html: str
    language: str
    link_url: str
    published_at: datetime
    updated_at: datetime | None
    authors: tuple[AuthorCard, ...]
    tags: tuple[TagCard, ...]
    cover: Enclosure | None

    @property
    def id(self) -> str:
        """Return the identifier that never changes: the one the entry was imported with, or one made of its own."""
        return self.feed_id or f"tag:homeport,2026:{self.public_id}"

    @property
    def changed_at(self) -> datetime:
        """Return when the entry last changed, which is never before it appeared."""
        return max(self.published_at, self.updated_at or self.published_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The newest entries of the site, of a tag or of a series; `path` is the page that shows the same entries."""

    title: str
    subtitle: str
    path: str
    address: str
    language: str
    author: AuthorCard
    icon_path: str
    items: tuple[FeedItem, ...]

    @property
    def id(self) -> str:
        """Return the feed's identifier: its page's address, or while the site has none something of that form."""
        return self.absolute(self.path) if self.address else f"tag:homeport,2026:{quote(self.path, safe=SAFE_IN_PATHS)}"

    @property
    def changed_at(self) -> datetime:
        """Return when anything in the feed last changed."""
        return max((entry.changed_at for entry in self.items), default=NEVER)

    def absolute(self, path: str) -> str:
        """Return the address of a path of the site, relative as long as the site has no address of its own."""
        return locate(self.address, path)

    def own_path(self, name: str) -> str:
        """Return the path of this feed under a file name such as `feed.atom`."""
        return f"{self.path.rstrip('/')}/{name}"


def locate(address: str, path: str) -> str:
    """Return `path` as it is written in a link, below the site's address; what is not a path stays as it is."""
    return f"{address}{quote(path, safe=SAFE_IN_PATHS)}" if path.startswith("/") else path
