"""The addresses of posts: made from a pattern the author chooses, and recognised when they come back."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from homeport.errors import InvalidError

DEFAULT_PATTERN = "/posts/{slug}"

RESERVED = frozenset(
    {
        *("account", "setup", "studio", "preview", "api", "search", "newsletter"),
        *("webmention", "micropub", "indieauth", ".well-known"),
        *("tags", "series", "authors", "archive", "media", "static", "comments"),
        *("feed.atom", "feed.rss", "feed.json", "sitemap.xml", "robots.txt", "favicon.ico", "healthz", "readyz"),
    }
)
"""First segments of paths that belong to the site itself, now or later; no entry may live there."""

_TOKEN = re.compile(r"\{([a-z]*)\}")
_TOKENS = {
    "year": r"(?P<year>\d{4})",
    "month": r"(?P<month>\d{2})",
    "day": r"(?P<day>\d{2})",
    "slug": r"(?P<slug>[^/]+)",
}
_LITERAL = re.compile(r"[A-Za-z0-9._~/-]*")


class PatternError(InvalidError):
    """A permalink pattern that could not name every post."""


@dataclass(frozen=True)
class Permalinks:
    """Addresses by one pattern, with dates in the site's time zone."""

    pattern: str
    time_zone: ZoneInfo

    @property
    def needs_date(self) -> bool:
        """Say whether an entry without a date has no address yet."""
        return any(part != "slug" for part in _TOKEN.findall(self.pattern))

    def path(self, slug: str, published_at: datetime | None) -> str | None:
        """Return the path of a post, or None while it lacks the date that the pattern needs."""
        if published_at is None:
            return None if self.needs_date else self.pattern.replace("{slug}", slug)
        try:
            day = published_at.astimezone(self.time_zone)
        except OverflowError:
            # The last hours of the year 9999 have no local time east of Greenwich.
            day = published_at
        return self.pattern.format(year=f"{day.year:04}", month=f"{day.month:02}", day=f"{day.day:02}", slug=slug)


def slug_of(pattern: str, path: str) -> str | None:
    """Return the slug in a path that `pattern` could have made, a final slash more or less, or None."""
    pieces = _TOKEN.split(pattern.rstrip("/"))
    expression = "".join(_TOKENS[piece] if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    match = re.fullmatch(expression, path.rstrip("/"))
    return match["slug"] if match else None


def check_pattern(pattern: str) -> str:
    """Return `pattern` if every post gets an address of its own by it.

    Raises PatternError with what is wrong.
    """
    tokens = _TOKEN.findall(pattern)
    unknown = [token for token in tokens if token not in _TOKENS]
    if not pattern.startswith("/"):
        raise PatternError(f"the permalink pattern {pattern!r} does not begin with a slash")
    if unknown:
        raise PatternError(
            f"the permalink pattern {pattern!r} has the unknown part {{{unknown[0]}}}",
            hint="Known parts: {year} {month} {day} {slug}.",
        )
    if tokens.count("slug") != 1 or len(set(tokens)) != len(tokens):
        raise PatternError(f"the permalink pattern {pattern!r} must have {{slug}} once, and no part twice")
    if not _LITERAL.fullmatch(_TOKEN.sub("", pattern)) or "//" in pattern:
        raise PatternError(f"the permalink pattern {pattern!r} has characters that do not belong in an address")
    if is_reserved(pattern):
        raise PatternError(f"the permalink pattern {pattern!r} begins with a path that the site itself uses")
    return pattern


def is_reserved(path: str) -> bool:
    """Say whether a path belongs to the site itself."""
    first = path.strip("/").partition("/")[0].lower()
    return first in RESERVED or re.fullmatch(r"sitemap-\d+\.xml", first) is not None
