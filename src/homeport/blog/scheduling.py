"""Local wall time to a moment and back, on the two nights of a year when that is not plain."""

import re
from calendar import month_name
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from homeport.errors import InvalidError

EXAMPLE = "2026-12-24T08:00"
_FORM = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?")


class DateError(InvalidError):
    """What was typed is no date and time."""


class ClockNote(StrEnum):
    """What had to be decided about a time on a night when the clocks change."""

    SKIPPED = "skipped"
    TWICE = "twice"

    @property
    def sentence(self) -> str:
        """Return it in words."""
        return {
            ClockNote.SKIPPED: "The clocks skip the time you chose that night, so it was moved forward with them.",
            ClockNote.TWICE: "The clocks show the time you chose twice that night; the first time is meant.",
        }[self]


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is meant to happen, and what had to be decided about it."""

    at: datetime
    note: ClockNote | None = None


def read_local(text: str, zone: ZoneInfo) -> Moment:
    """Return the moment that a clock in `zone` shows as `text`.

    A time that the clocks skip is moved forward, of one that they show twice the first is meant; the note says so.
    Raises DateError.
    """
    wrong = DateError(f"“{text[:40]}” is not a date and time", hint=f"Write it like {EXAMPLE}.")
    if not _FORM.fullmatch(text.strip()):
        raise wrong
    try:
        typed = datetime.fromisoformat(text.strip())
        if not MINYEAR < typed.year < MAXYEAR:
            # They have hours that some time zones cannot tell.
            raise wrong
        return Moment(typed.astimezone(UTC)) if typed.tzinfo else _on_the_clock(typed.replace(tzinfo=zone))
    except (ValueError, OverflowError) as error:
        raise wrong from error


def write_local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return what a clock in `zone` shows, to the minute, as a form's field takes it."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M").zfill(16) if moment else ""


def write_out(moment: datetime, zone: ZoneInfo) -> str:
    """Return what a clock in `zone` shows, in words: 24 November 2026, 09:00."""
    shown = moment.astimezone(zone)
    return f"{shown.day} {month_name[shown.month]} {shown.year}, {shown:%H:%M}"


def is_later(moment: datetime | None) -> bool:
    """Say whether a date is still to come, so that publishing with it is scheduling."""
    return moment is not None and moment > datetime.now(UTC)


def _on_the_clock(typed: datetime) -> Moment:
    at = typed.astimezone(UTC)
    shown = at.astimezone(typed.tzinfo)
    if shown.replace(tzinfo=None) != typed.replace(tzinfo=None):
        return Moment(at, ClockNote.SKIPPED)
    if typed.replace(fold=1).utcoffset() != typed.utcoffset():
        return Moment(at, ClockNote.TWICE)
    return Moment(at)
