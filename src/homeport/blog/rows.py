"""What the public pages read of entries, tags and series: plain values, fully loaded, safe to keep."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homeport.text.rendered import PictureForm, sizes_of, srcsets_of

LINES_AT_MOST = 300
"""How many entries a page of the archive or of a series names."""

COUNTED = 1_000
"""Up to here pages count exactly; counting further would make them cost more the more there is."""


def counted(count: int) -> str:
    """Return a number as pages show it."""
    return f"{count}" if count <= COUNTED else f"{COUNTED}+"


@dataclass(frozen=True, slots=True)
class ImageCard:
    """An image with what a page needs to show it without a layout shift."""

    path: str
    width: int | None
    height: int | None
    alt: str
    content_type: str = ""
    forms: tuple[PictureForm, ...] = ()

    @property
    def sizes(self) -> str:
        """Return how wide the page shows it."""
        return sizes_of(self.width or 0)

    @property
    def sources(self) -> dict[str, str]:
        """Return its forms in other types than its own, as `srcset` by type."""
        return {name: srcset for name, srcset in srcsets_of(self.forms).items() if name != self.content_type}

    @property
    def srcset(self) -> str:
        """Return its forms in its own type; empty when there are none."""
        smaller = srcsets_of(self.forms).get(self.content_type)
        return f"{smaller}, {self.path} {self.width}w" if smaller else ""


@dataclass(frozen=True, slots=True)
class AuthorCard:
    """An author as readers see them."""

    slug: str
    name: str
    bio: str = ""
    url: str = ""
    image_path: str = ""

    @property
    def path(self) -> str:
        """Return the path of the author's page."""
        return f"/authors/{self.slug}"


@dataclass(frozen=True, slots=True)
class TagCard:
    """A tag, with the number of its listed entries where a page shows it."""

    slug: str
    title: str
    description: str = ""
    count: int = 0

    @property
    def path(self) -> str:
        """Return the path of the tag's page."""
        return f"/tags/{self.slug}"

    @property
    def shown_count(self) -> str:
        """Return how many entries it has, as pages say it."""
        return counted(self.count)


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """A series, with the number of its listed entries where a page shows it."""

    slug: str
    title: str
    description: str = ""
    count: int = 0

    @property
    def path(self) -> str:
        """Return the path of the series' page."""
        return f"/series/{self.slug}"

    @property
    def shown_count(self) -> str:
        """Return how many entries it has, as pages say it."""
        return counted(self.count)


@dataclass(frozen=True, slots=True)
class EntryLink:
    """Just enough of an entry to link to it."""

    path: str
    title: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class EntryCard:
    """An entry in a list. `title` is empty for a note without one; `heading` never is."""

    path: str
    slug: str
    kind: str
    title: str
    subtitle: str
    excerpt: str
    description: str
    language: str
    link_url: str
    published_at: datetime
    updated_at: datetime | None
    word_count: int
    tags: tuple[TagCard, ...]
    cover: ImageCard | None

    @property
    def heading(self) -> str:
        """Return the title, or for an entry without one its opening words."""
        return self.title or shorten(self.excerpt, 8) or "Untitled"

    @property
    def reading_minutes(self) -> int:
        """Return the reading time in minutes, at least 1."""
        return reading_minutes(self.word_count)


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A heading of an entry's body."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where an entry stands in its series, counted from 1, with its neighbours; 0 where that is too far to count."""

    series: SeriesCard
    position: int
    previous: EntryLink | None
    next: EntryLink | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """An entry on its own page, with all that stands around it."""

    card: EntryCard
    public_id: str
    html: str
    outline: tuple[OutlineItem, ...]
    canonical_url: str
    is_listed: bool
    authors: tuple[AuthorCard, ...]
    series_place: SeriesPlace | None
    previous: EntryLink | None
    next: EntryLink | None
    related: tuple[EntryLink, ...]
    extras: Mapping[str, Any] = field(default_factory=dict)
    """What other features read along with the entry, by the name of their column."""

    id: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class EntryList:
    """A page of entries, newest first; `before` is the slug that the next, older page starts from, or empty."""

    entries: tuple[EntryCard, ...]
    before: str
    is_first: bool
    opening_html: str = ""


@dataclass(frozen=True, slots=True)
class SubjectList:
    """A page of tags or series by title; `after` is the slug that the next page begins behind, or empty."""

    subjects: tuple[TagCard | SeriesCard, ...]
    after: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many listed entries a month has, in the site's time zone; one more than the bound means at least so many."""

    year: int
    month: int
    count: int

    @property
    def is_exact(self) -> bool:
        """Say whether there are not more than were counted."""
        return self.count <= COUNTED

    @property
    def shown_count(self) -> str:
        """Return how many entries it has, as pages say it."""
        return counted(self.count)


def count_by_month(entries: Iterable[EntryCard], zone: ZoneInfo) -> tuple[MonthCount, ...]:
    """Return how many of these entries each month has; they are in the order of time, and so are the months."""
    moments = (entry.published_at.astimezone(zone) for entry in entries)
    months = Counter((moment.year, moment.month) for moment in moments)
    return tuple(MonthCount(*month, count) for month, count in months.items())


def reading_minutes(words: int) -> int:
    """Return how long `words` take to read at 230 a minute, at least 1."""
    return max(1, round(words / 230))


def shorten(text: str, words: int) -> str:
    """Return the first `words` words of `text`, with an ellipsis when something was left out."""
    parts: Sequence[str] = text.split()
    return " ".join(parts[:words]) + ("…" if len(parts) > words else "")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry as feeds carry it: with its full text and an id that never changes."""

    card: EntryCard
    public_id: str
    feed_id: str | None
    html: str
    authors: tuple[AuthorCard, ...]
    cover_type: str = ""
    cover_size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ManagedEntry:
    """An entry as those who run the site see it in a list; `state` is also `scheduled` here."""

    kind: str
    title: str
    slug: str
    path: str
    state: str
    published_at: datetime | None
    updated_at: datetime | None
    modified_at: datetime
    word_count: int
    tags: tuple[str, ...]


_PARAGRAPH = re.compile(r"\s*<p>(.*?)</p>", re.DOTALL)
_APART = re.compile(r'<sup class="fnref">.*?</sup>|<small class="sidenote".*?</small>|\s+id="[^"]*"', re.DOTALL)
OPENING_WORDS = 60


def opening_of(html: str) -> str:
    """Return the first paragraphs of an entry, about 60 words of them, without footnote marks and ids.

    Empty when the text does not begin with a paragraph: then a list shows the excerpt.
    """
    opening, words, position = "", 0, 0
    while words < OPENING_WORDS and (match := _PARAGRAPH.match(html, position)):
        paragraph = _APART.sub("", match[1])
        opening += f"<p>{paragraph}</p>"
        words += len(re.sub(r"<[^>]*>", "", paragraph).split())
        position = match.end()
    return opening
