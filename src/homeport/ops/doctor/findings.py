"""What an examination can come to: findings, checks that do not apply here, checks that found nothing."""

from dataclasses import dataclass

from homeport.errors import HomeportError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: what it is, why it matters, and what to do about it."""

    what: str
    why: str
    remedy: str


class NotApplicableError(HomeportError):
    """There is nothing here that this check could look at."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to; `not_applicable` says why it could not look, empty when it did."""

    check: str
    findings: tuple[Finding, ...] = ()
    not_applicable: str = ""

    @property
    def has_passed(self) -> bool:
        """Whether it looked, and found nothing."""
        return not self.findings and not self.not_applicable
