"""Hashes that cost next to nothing: what signing in does is the same at any cost, and hundreds of tests do it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from homeport.accounts import passwords

REAL = passwords._hasher
"""What the product hashes with."""


@contextmanager
def hashing_costs_little() -> Iterator[None]:
    """Hash as argon2id does with the least memory; processes that a test starts pay the real price."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield
