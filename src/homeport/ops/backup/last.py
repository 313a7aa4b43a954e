"""How old the newest archive is, and when one was last proven restorable, in words and as facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
_OVERDUE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest archive, and the newest proof of any that is still there."""

    made_at: datetime | None
    proven_at: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        """Say whether no archive was proven for two days, as somebody should know."""
        return self.proven_at is None or now - self.proven_at > _OVERDUE

    def sentence(self, now: datetime) -> str:
        """Say how it stands."""
        if self.made_at is None:
            return "There is no backup yet; `homeport backup` makes one."
        proven = f"{age_in_words(now - self.proven_at)} ago" if self.proven_at else "never"
        return f"The last backup is {age_in_words(now - self.made_at)} old, last proven restorable: {proven}."

    def as_json(self) -> dict[str, str | None]:
        """Return both moments, null for what has not been."""
        return {
            "made_at": self.made_at.isoformat() if self.made_at else None,
            "proven_at": self.proven_at.isoformat() if self.proven_at else None,
        }


def age_in_words(age: timedelta) -> str:
    """Return an age in the unit that fits."""
    if age < _HOUR:
        return f"{max(0, round(age.total_seconds() / 60))} min"
    return f"{round(age / _HOUR)} h" if age < 48 * _HOUR else f"{age.days} days"
