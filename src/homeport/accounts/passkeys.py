"""Passkeys (WebAuthn): what a browser is asked to sign, and whether what it signed proves who is there.

The library behind it is imported when somebody uses a passkey: it brings a second and 20 MB that no reader needs.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from homeport.accounts.models import Account
from homeport.accounts.proofs import Passkey
from homeport.errors import ConflictError, InvalidError

LONGEST_ANSWER = 20_000
LONGEST_NAME = 100
HANDLE_BYTES = 16


class PasskeyError(InvalidError):
    """What the browser sent proves nothing."""


class PasskeyTakenError(ConflictError):
    """This passkey opens an account already."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys are made and used: the domain that they belong to, and the origin that browsers sign."""

    domain: str
    origin: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a new passkey is made for, as the browser shows it."""

    handle: bytes
    name: str
    display_name: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that has been made and checked, and is not stored yet."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    domain: str


@dataclass(frozen=True, slots=True)
class PasskeyCard:
    """A passkey as its owner sees it."""

    id: int
    name: str
    domain: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proved:
    """Whose passkey has signed."""

    account_id: int
    name: str


def creation_options(place: Place, holder: Holder, challenge: bytes, known: Iterable[bytes] = ()) -> dict[str, Any]:
    """Return what the browser needs to make a passkey, as WebAuthn's JSON; `known` ones are not made again."""
    import webauthn  # noqa: PLC0415 - see the module's docstring
    from webauthn.helpers import structs  # noqa: PLC0415 - readers never need it

    options = webauthn.generate_registration_options(
        rp_id=place.domain,
        rp_name=place.domain,
        user_id=holder.handle,
        user_name=holder.name,
        user_display_name=holder.display_name,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return _as_json(options)


def request_options(place: Place, challenge: bytes) -> dict[str, Any]:
    """Return what the browser needs to sign with a passkey; whose, only the browser knows."""
    import webauthn  # noqa: PLC0415 - readers never need it
    from webauthn.helpers import structs  # noqa: PLC0415 - readers never need it

    return _as_json(
        webauthn.generate_authentication_options(
            rp_id=place.domain,
            challenge=challenge,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )


def check_new(place: Place, challenge: bytes, answer: str) -> NewPasskey:
    """Check what a browser says it has made.

    Raises PasskeyError.
    """
    import webauthn  # noqa: PLC0415 - readers never need it

    try:
        made = webauthn.verify_registration_response(
            credential=_object(answer),
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except PasskeyError:
        raise
    except Exception as error:
        raise PasskeyError("this browser's passkey could not be read", hint="Please try once more.") from error
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, place.domain)


def check_signed(session: Session, place: Place, challenge: bytes, answer: str) -> Proved:
    """Find out whose passkey has signed the challenge, with its owner present and verified by the device.

    Raises PasskeyError.
    """
    import webauthn  # noqa: PLC0415 - readers never need it

    credential = _object(answer)
    passkey, account = _find(session, place, credential)
    try:
        signed = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        raise _unknown() from error
    passkey.sign_count = signed.new_sign_count
    passkey.used_at = func.now()
    session.flush()
    return Proved(account.id, account.name)


def add_passkey(session: Session, account_id: int, new: NewPasskey, name: str) -> None:
    """Let a passkey open an account.

    Raises InvalidError for a name that is too long, PasskeyTakenError.
    """
    if len(name) > LONGEST_NAME:
        raise InvalidError(f"a passkey's name has at most {LONGEST_NAME} characters")
    passkey = Passkey(
        account_id=account_id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        domain=new.domain,
        name=name or "Passkey",
    )
    try:
        with session.begin_nested():
            session.add(passkey)
    except IntegrityError as error:
        raise PasskeyTakenError("this passkey opens an account already") from error


def remove_passkey(session: Session, account_id: int, passkey_id: int) -> str | None:
    """Make a passkey of an account open nothing any more; return its name, None when there is none."""
    removing = delete(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)
    return session.execute(removing.returning(Passkey.name)).scalar_one_or_none()


def list_passkeys(connection: Connection, account_id: int) -> tuple[PasskeyCard, ...]:
    """Return an account's passkeys, the newest first."""
    wanted = (
        select(Passkey.id, Passkey.name, Passkey.domain, Passkey.created_at, Passkey.used_at)
        .where(Passkey.account_id == account_id)
        .order_by(Passkey.id.desc())
    )
    return tuple(PasskeyCard(**row) for row in connection.execute(wanted).mappings())


def known_credentials(connection: Connection, account_id: int) -> list[bytes]:
    """Return what browsers call an account's passkeys."""
    known = connection.scalars(select(Passkey.credential_id).where(Passkey.account_id == account_id))
    return [bytes(one) for one in known]


def handle_of(connection: Connection, account_id: int) -> UUID:
    """Return what passkeys know an account by; it tells nothing of the account."""
    handle: UUID = connection.execute(select(Account.handle).where(Account.id == account_id)).scalar_one()
    return handle


def handle_in(challenge: bytes) -> UUID:
    """Return the handle of an account that does not exist yet: it is settled with the challenge for its passkey."""
    return UUID(bytes=challenge[:HANDLE_BYTES], version=4)


def _find(session: Session, place: Place, credential: dict[str, Any]) -> tuple[Passkey, Account]:
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415 - readers never need it

    try:
        credential_id = base64url_to_bytes(credential["rawId"])
        shown = credential["response"].get("userHandle")
        handle = base64url_to_bytes(shown) if shown else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unknown() from error
    found = session.execute(
        select(Passkey, Account)
        .join(Account, Account.id == Passkey.account_id)
        .where(Passkey.credential_id == credential_id, Passkey.domain == place.domain, Account.is_active)
        .with_for_update(of=Passkey)
    ).one_or_none()
    if found is None or handle not in (None, found.Account.handle.bytes):
        raise _unknown()
    return found.Passkey, found.Account


def _object(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise PasskeyError("this browser's passkey could not be read", hint="Please try once more.")
    return found


def _as_json(options: Any) -> dict[str, Any]:
    from webauthn.helpers import options_to_json  # noqa: PLC0415 - readers never need it

    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def _unknown() -> PasskeyError:
    return PasskeyError("this passkey does not open an account here", hint="Use another one, or your password.")
