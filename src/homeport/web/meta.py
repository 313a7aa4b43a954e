"""What a page says about itself to browsers, feed readers, search engines and whoever unfolds a link to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ATOM = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture that stands for a page where it is linked to."""

    path: str
    width: int | None
    height: int | None
    alt: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page announces."""

    path: str
    title: str
    media_type: str = ATOM


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMeta:
    """The head of one page; `path` is its own, `canonical_url` is set only when another address is the true one."""

    title: str
    path: str
    description: str = ""
    canonical_url: str = ""
    kind: str = "website"
    language: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    image: PageImage | None = None
    feeds: tuple[FeedLink, ...] = ()
    older_path: str = ""
    is_indexed: bool = True
    json_ld: tuple[Mapping[str, Any], ...] = ()

    def window_title(self, site_title: str) -> str:
        """Return the title for the browser's window: the page's, then the site's unless they are the same."""
        if not self.title or self.title == site_title:
            return site_title
        return f"{self.title} · {site_title}" if site_title else self.title
