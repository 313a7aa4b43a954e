"""A passkey in software: makes credentials and signs with them, as a browser and its device do together."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def encode(content: bytes) -> str:
    """Return bytes as WebAuthn's JSON writes them."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of a text of WebAuthn's JSON."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One device with one passkey; every fact it signs can be made wrong."""

    origin: str = "http://localhost"
    domain: str = "localhost"
    is_verified: bool = True
    sign_count: int = 0
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        """Make the passkey and return what the browser sends."""
        self.handle = decode(options["user"]["id"])
        public = self.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        described = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(key)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(HAS_KEY) + described}
        return self._answer(
            {
                "clientDataJSON": encode(self._client("webauthn.create", options)),
                "attestationObject": encode(cbor2.dumps(attestation)),
            }
        )

    def get(self, options: dict[str, Any]) -> str:
        """Sign what is asked and return what the browser sends."""
        self.sign_count += 1
        client, data = self._client("webauthn.get", options), self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": encode(client),
                "authenticatorData": encode(data),
                "signature": encode(signature),
                "userHandle": encode(self.handle),
            }
        )

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.is_verified else 0)
        return hashlib.sha256(self.domain.encode()).digest() + bytes([flags]) + self.sign_count.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        name = encode(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
