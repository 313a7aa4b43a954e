"""Which archives are kept: some of the last days, weeks and months, and always the newest."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

DAYS = 7
WEEKS = 4
MONTHS = 12

NIGHT_HOURS = range(2, 5)
"""Hours of UTC in which a nightly archive is made when there is a choice."""

_SOON = timedelta(hours=12)
_OVERDUE = timedelta(hours=24)
_PAUSE = timedelta(hours=6)

Period = Callable[[datetime], object]


def choose_kept(moments: Iterable[datetime]) -> set[datetime]:
    """Return those moments whose archives stay: the last of each of 7 days, 4 weeks and 12 months that have one."""
    newest_first = sorted(moments, reverse=True)
    return (
        set(newest_first[:1])
        | _last_of_each(newest_first, datetime.date, DAYS)
        | _last_of_each(newest_first, lambda moment: moment.isocalendar()[:2], WEEKS)
        | _last_of_each(newest_first, lambda moment: (moment.year, moment.month), MONTHS)
    )


def is_due(now: datetime, newest_at: datetime | None, failed_at: datetime | None) -> bool:
    """Say whether an archive is to be made now; one that failed is tried again after some hours."""
    if failed_at is not None and now - failed_at < _PAUSE:
        return False
    if newest_at is None:
        return True
    age = now - newest_at
    return age >= _OVERDUE or (age >= _SOON and now.hour in NIGHT_HOURS)


def _last_of_each(newest_first: Iterable[datetime], period: Period, count: int) -> set[datetime]:
    kept: dict[object, datetime] = {}
    for moment in newest_first:
        if len(kept) < count:
            kept.setdefault(period(moment), moment)
    return set(kept.values())
