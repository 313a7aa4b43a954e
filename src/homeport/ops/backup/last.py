"""How old the newest archive is, and when one was last proven restorable, in words and as facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
_LOG_OVERDUE = timedelta(minutes=10)
_OVERDUE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest archive, the newest proof of any that is still there, and the failure that came after both."""

    made_at: datetime | None
    proven_at: datetime | None
    failed_at: datetime | None = None
    failure: str = ""
    copy_made_at: datetime | None = None
    """When the newest archive was made that is in every other place, too."""

    log_safe_at: datetime | None = None
    """When all of the database's log but its last minute was last seen to be kept; never without somebody who does."""

    log_proven_at: datetime | None = None
    """When a server last started on the newest base backup and the log after it."""

    def is_overdue(self, now: datetime) -> bool:
        """Say whether no archive was proven for two days, as somebody should know."""
        return self.proven_at is None or now - self.proven_at > _OVERDUE

    def report(self, now: datetime) -> str:
        """Say how it stands and how much could be lost, which goes without saying where nothing was kept so far."""
        if self.made_at is None and self.log_safe_at is None:
            return self.sentence(now)
        return f"{self.sentence(now)} {self.bound_sentence(now)}"

    def sentence(self, now: datetime) -> str:
        """Say how it stands."""
        failed = f" It failed {age_in_words(now - self.failed_at)} ago: {self.failure}" if self.failed_at else ""
        if self.made_at is None:
            return f"There is no backup yet; `homeport backup` makes one.{failed}"
        proven = f"{age_in_words(now - self.proven_at)} ago" if self.proven_at else "never"
        copied = (
            f" The last copy elsewhere is {age_in_words(now - self.copy_made_at)} old." if self.copy_made_at else ""
        )
        return (
            f"The last backup is {age_in_words(now - self.made_at)} old, last proven restorable: {proven}."
            f"{copied}{failed}"
        )

    def bound_sentence(self, now: datetime) -> str:
        """Say how much would be lost with the server."""
        if self.log_safe_at is not None and now - self.log_safe_at < _LOG_OVERDUE:
            proven = f"{age_in_words(now - self.log_proven_at)} ago" if self.log_proven_at else "never"
            return (
                "The database's log is kept: no more than the last two minutes could be lost. "
                f"The log was last proven restorable: {proven}."
            )
        since = f" for {age_in_words(now - self.log_safe_at)}" if self.log_safe_at else ""
        lost = f"what was written in the last {age_in_words(now - self.made_at)}" if self.made_at else "everything"
        return f"The database's log is not kept{since}: {lost} could be lost."

    def as_json(self) -> dict[str, str | None]:
        """Return the moments, null for what has not been."""
        moments = {
            "made_at": self.made_at,
            "proven_at": self.proven_at,
            "failed_at": self.failed_at,
            "copy_made_at": self.copy_made_at,
            "log_safe_at": self.log_safe_at,
            "log_proven_at": self.log_proven_at,
        }
        return {name: moment.isoformat() if moment else None for name, moment in moments.items()}


def age_in_words(age: timedelta) -> str:
    """Return an age in the unit that fits."""
    if age < _HOUR:
        return f"{max(0, round(age.total_seconds() / 60))} min"
    return f"{round(age / _HOUR)} h" if age < 48 * _HOUR else f"{age.days} days"
