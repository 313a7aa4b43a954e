"""What is kept of a visitor's network address: a keyed hash that recognises it for a while and says nothing else."""

import hashlib
import hmac

from homeport.accounts.visitors import limit_address
from homeport.settings import Settings


def visitor_hash(settings: Settings) -> bytes | None:
    """Return the hash of the visitor's address, or None where the address may be a proxy's."""
    address = limit_address()
    return hash_of_address(settings, address) if address else None


def hash_of_address(settings: Settings, address: str) -> bytes:
    """Return what an address is recognised by; without the installation's key nobody can try addresses out."""
    return hmac.new(settings.secret_key.encode(), b"comment from " + address.encode(), hashlib.sha256).digest()
