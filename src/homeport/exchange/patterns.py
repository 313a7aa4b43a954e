"""Filling in the patterns by which tools made the paths of their pages: Hugo's, Jekyll's and Pelican's."""

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from homeport.text.slugs import slugify

_COLON = re.compile(r":([a-z_]+)")
_BRACES = re.compile(r"\{(\w{1,40})(?::([^{}]{1,80}))?\}")


def fill_colons(pattern: str, values: Mapping[str, str], date: datetime | None) -> str:
    """Return the path by a pattern such as `/:year/:title/`, or nothing when it needs what is not known."""
    known = dict(values) | (_parts_of(date) if date else {})
    names = _COLON.findall(pattern)
    if not all(name in known for name in names):
        return ""
    return re.sub("/{2,}", "/", "/" + _COLON.sub(lambda match: known[match[1]], pattern))


def fill_braces(pattern: str, values: Mapping[str, str], date: datetime | None) -> str:
    """Return the path by a pattern such as `{date:%Y}/{slug}.html`, or nothing when it needs what is not known."""
    day = _day(date) if date else None
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name, form = match.groups()
        if name == "date" and day:
            return day.strftime(form or "%Y-%m-%d")
        missing = missing or name not in values
        return values.get(name, "")

    filled = _BRACES.sub(value, pattern)
    return "" if missing or "{" in filled else re.sub("/{2,}", "/", "/" + filled)


def hugo_name(text: str) -> str:
    """Return a title or file name as Hugo writes it in a path: in its own letters, small, with hyphens."""
    kept = "".join(letter if letter.isalnum() or letter in "._+~-" else " " * letter.isspace() for letter in text)
    return re.sub(r"[\s-]+", "-", kept.strip()).lower()


def _parts_of(date: datetime) -> dict[str, str]:
    day = _day(date)
    return {
        "year": f"{day.year:04}",
        "short_year": f"{day.year % 100:02}",
        "month": f"{day.month:02}",
        "i_month": str(day.month),
        "monthname": day.strftime("%B").lower(),
        "day": f"{day.day:02}",
        "i_day": str(day.day),
        "weekday": str(day.isoweekday() % 7),
        "weekdayname": day.strftime("%A").lower(),
        "y_day": f"{day.timetuple().tm_yday:03}",
        "yearday": str(day.timetuple().tm_yday),
        "hour": f"{day.hour:02}",
        "minute": f"{day.minute:02}",
        "second": f"{day.second:02}",
    }


def _day(date: datetime) -> datetime:
    """Return a moment by the clock it was written by: the site's zone when none was written."""
    return date.astimezone(date.tzinfo) if isinstance(date.tzinfo, ZoneInfo) else date


def names_of(title: str, name: str, slug: str) -> dict[str, str]:
    """Return what the patterns of Hugo and Jekyll call a text."""
    own = slug or hugo_name(name)
    return {
        "slug": slug or hugo_name(title) or own,
        "title": hugo_name(title) or own,
        "filename": own,
        "slugorfilename": own,
        "contentbasename": hugo_name(name),
        "slugorcontentbasename": own,
        "path": name,
        "name": slugify(name),
    }
