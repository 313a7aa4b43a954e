"""Limits on how often something may be tried, counted in the database, so that all processes see the same count."""

from datetime import timedelta

from sqlalchemy import Connection, DateTime, delete, extract, func, literal
from sqlalchemy.dialects.postgresql import insert

from homeport.accounts.proofs import RateCount
from homeport.db.session import Database
from homeport.errors import TooManyRequestsError

LONGEST_WINDOW = timedelta(days=1)


class LimitReachedError(TooManyRequestsError):
    """This was tried as often as it may be in its window of time."""


def hit(database: Database, key: str, *, limit: int, window_seconds: int) -> None:
    """Count one try under `key`; the count is kept even when the request that makes it is refused.

    Raises LimitReachedError once the window has seen more than `limit`, and UnavailableError.
    """
    with database.record_now() as connection:
        count, seconds_left = _count(connection, key, window_seconds)
    if count > limit:
        raise LimitReachedError(
            "this was tried too often", hint=f"Try again in {in_words(seconds_left)}.", retry_after=seconds_left
        )


def purge_counts(connection: Connection) -> int:
    """Forget windows that are over and return how many there were."""
    return connection.execute(delete(RateCount).where(RateCount.window_start < func.now() - LONGEST_WINDOW)).rowcount


def in_words(seconds: int) -> str:
    """Return a time to wait as people say it."""
    if seconds == 1:
        return "a second"
    if seconds < 90:
        return f"{seconds} seconds"
    return f"{round(seconds / 60)} minutes"


def _count(connection: Connection, key: str, window_seconds: int) -> tuple[int, int]:
    """Return the count with this one, and for how many seconds the window still lasts, both by the database's clock."""
    now = extract("epoch", func.now())
    start = func.to_timestamp(func.floor(now / window_seconds) * window_seconds, type_=DateTime(timezone=True))
    counting = insert(RateCount).values(key=key, window_start=start, count=literal(1))
    row = connection.execute(
        counting.on_conflict_do_update(
            index_elements=[RateCount.key, RateCount.window_start], set_={"count": RateCount.count + 1}
        ).returning(RateCount.count, extract("epoch", RateCount.window_start) + window_seconds - now)
    ).one()
    return int(row[0]), max(1, int(row[1]) + 1)
