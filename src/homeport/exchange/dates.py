"""Dates as the tools of other sites write them, read in the site's time zone and refused when they make no sense."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 1000
LATEST_YEAR = 9998

_FORMATS = (
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M %z",
    "%Y-%m-%d %I:%M %p",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
)
_SHORT_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_IN_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[\d-]+Z?)?[-_ .]?(?=.|$)")
_FORM_OF_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[-_ .T]|$)")
_IN_PATH = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)")


def read_date(value: object, zone: ZoneInfo) -> datetime | None:
    """Return the moment that a front matter value means; Hugo's zero date and empty values mean none.

    Raises ValueError with a sentence when it is no date or not in the years a site can have.
    """
    moment = _moment(value)
    if moment is None or moment.year == 1:
        return None
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"the year {moment.year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def is_zero_date(value: object) -> bool:
    """Say whether a value is a date in the year 1, which tools write for no date."""
    try:
        moment = _moment(value)
    except ValueError:
        return False
    return moment is not None and moment.year == 1


def date_in_path(path: str, zone: ZoneInfo) -> datetime | None:
    """Return the date in a path such as `2020/01/02/title`, if there is one."""
    return _from_parts(_IN_PATH.findall(path), zone)


def date_in_name(name: str, zone: ZoneInfo) -> datetime | None:
    """Return the date that a file name such as `2020-01-02-title` begins with, if it does."""
    match = _IN_NAME.match(name)
    return _from_parts([match.groups()] if match else (), zone)


def false_date_in_name(name: str) -> str:
    """Return what a file name begins with that has the form of a date and is none, or nothing."""
    match = _IN_NAME.match(name)
    is_false = match and _FORM_OF_DATE.match(name) and _from_parts([match.groups()], ZoneInfo("UTC")) is None
    return name[:10] if is_false else ""


def without_date(name: str) -> str:
    """Return a file name without the date it begins with; a name that is only a date stays."""
    match = _IN_NAME.match(name)
    return name[match.end() :] or name if match else name


def _from_parts(found: Iterable[tuple[str, ...]], zone: ZoneInfo) -> datetime | None:
    for year, month, day in found:
        try:
            return read_date(date(int(year), int(month), int(day)), zone)
        except ValueError:
            continue
    return None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if value is None or isinstance(value, str):
        return _parse(value.strip()) if value else None
    raise ValueError("the value is not a date")


def _parse(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if match := _SHORT_ISO.fullmatch(text):
        return datetime(*(int(part) for part in match.groups() if part is not None))  # type: ignore[arg-type]  # noqa: DTZ001 - the zone follows
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - a date without a zone is in the site's
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        raise ValueError(f"{text[:40]!r} is not a date that can be read") from None
