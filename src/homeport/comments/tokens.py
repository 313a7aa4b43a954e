"""What a visitor's form carries in place of a cookie: signed, for one entry, good for one comment and half an hour."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import BadData, SignatureExpired, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

FORM_LIFE = timedelta(minutes=30)
LEAST_SECONDS = 3
"""Nobody has read their own words again in less."""

TOO_OLD = "This form has been open for too long."

_FORM, _RECEIPT, _EDIT = "comment form", "comment receipt", "comment edit"


@dataclass(frozen=True, slots=True)
class FormToken:
    """A form that was shown: for which entry, when, and the id that its comment will have."""

    entry_id: UUID
    comment_id: UUID
    issued_at: datetime
    digest: bytes
    age_seconds: float

    @property
    def is_too_young(self) -> bool:
        """Say whether the form comes back faster than a person reads."""
        return self.age_seconds < LEAST_SECONDS

    @property
    def expires_at(self) -> datetime:
        """Return when the token stops being good for anything."""
        return self.issued_at + FORM_LIFE


class TokenError(Exception):
    """The form's token is not one of ours, is for another entry, or is too old."""


class CommentTokens:
    """Signs and reads what goes out, with the installation's key and a salt for each purpose."""

    def __init__(self, secret_key: str) -> None:
        self._form = URLSafeTimedSerializer(secret_key, salt=_FORM)
        self._links = {purpose: URLSafeSerializer(secret_key, salt=purpose) for purpose in (_RECEIPT, _EDIT)}

    def for_form(self, entry_id: UUID) -> str:
        """Return a token for a form that is about to be shown."""
        # The signature's own time of issue is in whole seconds, too coarse to tell what is too fast.
        return str(self._form.dumps([entry_id.hex, secrets.token_hex(16), time.time()]))

    def read_form(self, token: str, entry_id: UUID) -> FormToken:
        """Return what a token says.

        Raises TokenError; one from the future, after a clock was set back, is refused as one that is too old.
        """
        try:
            said, issued_at = self._form.loads(token, max_age=FORM_LIFE.seconds, return_timestamp=True)
            _require_canonical(token)
        except SignatureExpired as error:
            is_from_future = error.date_signed is not None and error.date_signed.timestamp() > time.time()
            raise TokenError("The clock here was set back meanwhile." if is_from_future else TOO_OLD) from error
        except BadData as error:
            raise TokenError("This form was not complete.") from error
        if said[0] != entry_id.hex:
            raise TokenError("This form belongs to another entry.")
        return FormToken(
            entry_id=entry_id,
            comment_id=UUID(said[1]),
            issued_at=issued_at,
            digest=hashlib.sha256(f"{said[0]} {said[1]}".encode()).digest(),
            age_seconds=time.time() - said[2],
        )

    def for_receipt(self, comment_id: UUID) -> str:
        """Return what stands in the address of a comment's receipt."""
        return str(self._links[_RECEIPT].dumps(comment_id.hex))

    def for_edit(self, comment_id: UUID) -> str:
        """Return what stands in the address under which a comment can be edited."""
        return str(self._links[_EDIT].dumps(comment_id.hex))

    def read_receipt(self, signed: str) -> UUID | None:
        """Return whose receipt it is, or None for one that is not ours."""
        return self._read(_RECEIPT, signed)

    def read_edit(self, signed: str) -> UUID | None:
        """Return which comment may be edited, or None; how long is for the comment's own age to say."""
        return self._read(_EDIT, signed)

    def _read(self, purpose: str, signed: str) -> UUID | None:
        try:
            found = UUID(self._links[purpose].loads(signed))
            _require_canonical(signed)
        except BadData:
            return None
        return found


def _require_canonical(signed: str) -> None:
    """Refuse another spelling of the same signature: base64 has several, and all of them would be taken.

    Raises BadData.
    """
    signature = signed.rpartition(".")[2]
    if base64_encode(base64_decode(signature)).decode() != signature:
        raise BadData("the signature is not as it was written")
