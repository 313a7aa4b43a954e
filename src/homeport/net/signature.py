"""Signs requests as AWS and those who speak like it expect (Signature Version 4): no secret goes over the wire."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
NOTHING = hashlib.sha256(b"").hexdigest()
"""The hash of an empty body."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who asks, and of which service in which region."""

    key_id: str
    secret: str
    region: str
    service: str = "s3"

    def sign(
        self,
        method: str,
        url: str,
        *,
        at: datetime,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body_sha256: str = NOTHING,
    ) -> dict[str, str]:
        """Return the headers of a request to this address, whose path is quoted and to which `query` is added."""
        moment = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        ours = {"host": urlsplit(url).netloc, "x-amz-content-sha256": body_sha256, "x-amz-date": moment}
        given = {name.lower(): value.strip() for name, value in (headers or {}).items()}
        signed = dict(sorted({**given, **ours}.items()))
        names = ";".join(signed)
        request = "\n".join(
            (
                method,
                urlsplit(url).path or "/",
                canonical_query(query or {}),
                *(f"{name}:{value}" for name, value in signed.items()),
                "",
                names,
                body_sha256,
            )
        )
        scope = f"{moment[:8]}/{self.region}/{self.service}/aws4_request"
        to_sign = "\n".join((ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()))
        signature = hmac.new(self._key(moment[:8]), to_sign.encode(), "sha256").hexdigest()
        credential = f"Credential={self.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
        return {**signed, "authorization": f"{ALGORITHM} {credential}"}

    def _key(self, day: str) -> bytes:
        key = f"AWS4{self.secret}".encode()
        for step in (day, self.region, self.service, "aws4_request"):
            key = hmac.new(key, step.encode(), "sha256").digest()
        return key


def canonical_query(query: Mapping[str, str]) -> str:
    """Return a query as it is signed and sent: quoted, in the order of names."""
    quoted = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in quoted)
