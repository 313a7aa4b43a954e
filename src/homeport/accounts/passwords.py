"""Password rules and hashing with argon2id: the only module that ever sees a password."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from homeport.errors import InvalidError

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 1000
LEAST_DIFFERENT_CHARACTERS = 5

_hasher = PasswordHasher()


class WeakPasswordError(InvalidError):
    """A password that is too easy to guess, or too long to be one."""


def check_password(password: str, name: str) -> None:
    """Refuse a password that guessing would find early; length counts, kinds of characters do not.

    Raises WeakPasswordError.
    """
    hint = "Four or five words that do not belong together make a good one."
    text = _normal(password)
    if len(text) < LEAST_CHARACTERS:
        raise WeakPasswordError(
            f"the password has {len(text)} characters, at least {LEAST_CHARACTERS} are needed", hint=hint
        )
    if len(text) > MOST_CHARACTERS:
        raise WeakPasswordError(f"the password is longer than {MOST_CHARACTERS} characters")
    if len(set(text)) < LEAST_DIFFERENT_CHARACTERS:
        raise WeakPasswordError("the password repeats the same few characters", hint=hint)
    if not text.casefold().replace(name.casefold(), ""):
        raise WeakPasswordError("the password is the name", hint=hint)


def hash_password(password: str) -> str:
    """Return the argon2id hash to store, salt and cost included."""
    return _hasher.hash(_normal(password))


def is_password(password: str, stored_hash: str) -> bool:
    """Say whether the password is the one that was hashed; false for an account that has none."""
    try:
        return _hasher.verify(stored_hash, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """Make two keyboards that write the same letter with different code points agree."""
    return unicodedata.normalize("NFKC", password)
