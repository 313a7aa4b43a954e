"""The audit log: who changed who may do what, and who published or deleted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from homeport.accounts.permissions import Member
from homeport.accounts.proofs import AuditEvent


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a member from an address, or the command line, which has neither."""

    account_id: int | None = None
    name: str = "command line"
    address: str = ""

    @classmethod
    def of(cls, member: Member, address: str = "") -> "Actor":
        """Return the member as the one who did it."""
        return cls(member.account_id, member.name, address)


COMMAND_LINE = Actor()


def note(session: Session, actor: Actor, action: str, subject: str = "", **details: Any) -> None:
    """Write an event into the caller's transaction: it is kept if, and only if, what it tells of is."""
    session.add(
        AuditEvent(
            account_id=actor.account_id,
            account_name=actor.name,
            action=action,
            subject=subject,
            details=details,
            address=actor.address,
        )
    )
