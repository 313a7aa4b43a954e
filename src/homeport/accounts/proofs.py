"""The tables of how people and programs show who they are, and of what is noted when they do.

They stand apart from `models.py` because readers' pages need none of them, and a start waits for every table it loads.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from homeport.accounts.models import Account
from homeport.db.model import Base
from homeport.db.types import CreatedAt, Key


class SignIn(Base):
    """One browser that is signed in; ended by its account, by a change of password, or by time."""

    __tablename__ = "sign_in"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    method: Mapped[str]
    user_agent: Mapped[str] = mapped_column(server_default="")
    address: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[CreatedAt]
    proved_at: Mapped[CreatedAt]
    seen_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class Passkey(Base):
    """A WebAuthn credential of an account; it opens only the domain it was made for."""

    __tablename__ = "passkey"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, server_default="0")
    domain: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]


class Challenge(Base):
    """What a proof under way has to answer, such as the bytes that a passkey signs: used once, for some minutes."""

    __tablename__ = "challenge"

    id: Mapped[Key]
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code on paper that stands in once for the second factor."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]


class ApiToken(Base):
    """What a program shows instead of signing in; it may do no more than its scopes and its account."""

    __tablename__ = "api_token"

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class AuditEvent(Base):
    """Who changed what about who may do what, and who published or deleted; names are kept as they were then."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_at", "at", "id"), Index("ix_audit_event_name", "account_name", "id"))

    id: Mapped[Key]
    at: Mapped[CreatedAt]
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    account_name: Mapped[str] = mapped_column(server_default="")
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    address: Mapped[str] = mapped_column(server_default="")


class RateCount(Base):
    """How often something was tried in a window of time; written apart from the request, so it survives a refusal."""

    __tablename__ = "rate_count"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(server_default="0")
