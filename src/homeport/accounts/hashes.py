"""How secrets are kept that only have to be recognised."""

import hashlib


def hash_of(token: str) -> bytes:
    """Return what is stored of such a secret; it is random, so it needs no salt."""
    return hashlib.sha256(token.encode()).digest()
