"""Password rules and hashing with argon2id: the only module that ever sees a password."""

import os
import sys
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from homeport.errors import InvalidError, TooManyRequestsError

Result = TypeVar("Result")
LEAST_CHARACTERS = 12
MOST_CHARACTERS = 1000
LEAST_DIFFERENT_CHARACTERS = 5

# Each takes 64 MiB and a fifth of a second of a core. A process has four threads by default, and two of them are left
# for readers however many people sign in at once.
AT_ONCE = 1
WAITING = 1
BUSY_SECONDS = 3
NICENESS = 10
"""How far the hashing of passwords stands back behind pages that are waited for (Linux)."""

_hasher = PasswordHasher()


class WeakPasswordError(InvalidError):
    """A password that is too easy to guess, or too long to be one."""


class BusyHashingError(TooManyRequestsError):
    """So many passwords are being looked at that this one has to come again."""


class Gate:
    """Lets few in at once, has few wait, and turns the rest away."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._inside = BoundedSemaphore(at_once)
        self._admitted = BoundedSemaphore(at_once + waiting)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be inside; raises BusyHashingError when too many wait already."""
        if not self._admitted.acquire(blocking=False):
            raise BusyHashingError(
                "many people are signing in at this moment",
                hint="Try again in a few seconds.",
                retry_after=BUSY_SECONDS,
            )
        try:
            with self._inside:
                yield
        finally:
            self._admitted.release()


class Workbench:
    """Hashes in a thread of its own, which stands back behind those that answer readers."""

    def __init__(self) -> None:
        self._gate = Gate()
        self._thread = ThreadPoolExecutor(AT_ONCE, "hashing", _stand_back)

    def do(self, work: Callable[..., Result], *arguments: str) -> Result:
        """Return what the work returns; raises BusyHashingError when too much of it waits already."""
        with self._gate.entered():
            return self._thread.submit(work, *arguments).result()


@cache
def _workbench() -> Workbench:
    return Workbench()


# The thread stays with the process that has it.
os.register_at_fork(after_in_child=_workbench.cache_clear)


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
    """Return the argon2id hash to store, salt and cost included.

    Raises BusyHashingError.
    """
    return _workbench().do(_hasher.hash, _normal(password))


def is_password(password: str, stored_hash: str) -> bool:
    """Say whether the password is the one that was hashed.

    False for an account that has none, and for one that does not exist, after the same work. Raises BusyHashingError.
    """
    try:
        return _workbench().do(_hasher.verify, stored_hash or _nobodys_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def needs_new_hash(stored_hash: str) -> bool:
    """Say whether a password that was right should be hashed again, because the cost has changed since."""
    return _hasher.check_needs_rehash(stored_hash)


def _stand_back() -> None:
    # Elsewhere it would slow the whole process down, not only this thread.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _nobodys_hash() -> str:
    """Return a hash of no password at today's cost: who asks for an unknown name waits as long as for a known one."""
    salt, key = (b64encode(bytes(length)).decode().rstrip("=") for length in (_hasher.salt_len, _hasher.hash_len))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${key}"


def _normal(password: str) -> str:
    """Make two keyboards that write the same letter with different code points agree."""
    # What is longer than any password is not one, and must not cost more than one.
    return unicodedata.normalize("NFKC", password[: MOST_CHARACTERS + 1])
