"""One-time codes: six digits from a phone (TOTP, RFC 6238), or one of ten codes on paper."""

import hmac
import secrets
import time

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from homeport.accounts.hashes import hash_of
from homeport.accounts.models import Account
from homeport.accounts.proofs import RecoveryCode
from homeport.errors import InvalidError

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How many steps a phone's clock may be off, either way."""

RECOVERY_CODES = 10
# 80 bits: too many to find from the hashes in a stolen copy of the database.
RECOVERY_GROUPS, RECOVERY_GROUP = 4, 4
# No letter looks like a digit or like another one.
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class WrongCodeError(InvalidError):
    """A code that is not right, not right any more, or was used before."""


def new_secret() -> str:
    """Return a secret for a phone to make codes from."""
    import pyotp  # noqa: PLC0415 - needed only by those who use codes

    return pyotp.random_base32()


def provisioning_uri(secret: str, name: str, site_title: str) -> str:
    """Return what the phone reads from the picture."""
    import pyotp  # noqa: PLC0415 - readers never need it

    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=site_title.replace(":", " ") or "Homeport")


def qr_code(text: str) -> str:
    """Return a picture of the text for a phone, as an SVG element without styles."""
    import segno  # noqa: PLC0415 - readers never need it

    return segno.make(text, micro=False).svg_inline(scale=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)


def switch_on(session: Session, account_id: int, secret: str, code: str) -> list[str]:
    """Ask for codes from now on, once the phone has shown that it makes the right ones; return the codes for paper.

    Raises WrongCodeError.
    """
    step = _step_of(secret, code)
    if step is None:
        raise _wrong()
    session.execute(update(Account).where(Account.id == account_id).values(totp_secret=secret, totp_used_step=step))
    return new_recovery_codes(session, account_id)


def switch_off(session: Session, account_id: int) -> None:
    """Ask for no code any more."""
    session.execute(update(Account).where(Account.id == account_id).values(totp_secret="", totp_used_step=0))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def new_recovery_codes(session: Session, account_id: int) -> list[str]:
    """Return new codes for paper; the former ones open nothing any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(account_id=account_id, code_hash=hash_of(_bare(code))) for code in codes)
    session.flush()
    return codes


def has_codes(connection: Connection, account_id: int) -> bool:
    """Say whether an account is asked for codes."""
    return bool(connection.execute(select(Account.totp_secret != "").where(Account.id == account_id)).scalar_one())


def count_recovery_codes(connection: Connection, account_id: int) -> int:
    """Return how many codes on paper are left."""
    left = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return int(connection.execute(left).scalar_one())


def use_code(session: Session, account_id: int, code: str) -> str:
    """Take a code from a phone or from paper, each once, and return what it was, as sign-ins note it.

    Raises WrongCodeError.
    """
    if _use_phone(session, account_id, code):
        return "password and code"
    if _use_paper(session, account_id, code):
        return "password and recovery code"
    raise _wrong()


def _use_phone(session: Session, account_id: int, code: str) -> bool:
    secret = session.execute(select(Account.totp_secret).where(Account.id == account_id)).scalar_one()
    step = _step_of(secret, code) if secret else None
    if step is None:
        return False
    # Of two who send the same code at the same moment, one waits for the other and finds it used.
    used = (
        update(Account)
        .where(Account.id == account_id, Account.totp_used_step < step)
        .values(totp_used_step=step)
        .returning(Account.id)
    )
    return session.execute(used).one_or_none() is not None


def _use_paper(session: Session, account_id: int, code: str) -> bool:
    unused = RecoveryCode.used_at.is_(None)
    used = (
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.code_hash == hash_of(_bare(code)), unused)
        .values(used_at=func.now())
        .returning(RecoveryCode.id)
    )
    return session.execute(used).one_or_none() is not None


def _step_of(secret: str, code: str) -> int | None:
    """Return the step of time that a code belongs to, None when it belongs to none of these minutes."""
    import pyotp  # noqa: PLC0415 - readers never need it

    totp, digits = pyotp.TOTP(secret), "".join(code.split())
    now = int(time.time()) // STEP_SECONDS
    for step in range(now + DRIFT_STEPS, now - DRIFT_STEPS - 1, -1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def _recovery_code() -> str:
    groups = ("".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_GROUP)) for _ in range(RECOVERY_GROUPS))
    return "-".join(groups)


def _bare(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _wrong() -> WrongCodeError:
    return WrongCodeError("this code is not right, or was used before", hint="Wait for the next one.")
