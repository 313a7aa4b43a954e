"""A service on loopback that speaks like S3: it keeps objects in memory, and believes only what is signed."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

from homeport.net.signature import Signer
from homeport.settings import BucketSettings

KEY_ID, SECRET, REGION, NAME, PREFIX = "AKIATESTS", "a secret of tests", "eu-test-1", "archives-of-tests", "site/"
PAGE = 2
"""How many objects one answer lists, so that every list has several."""


@dataclass
class FakeBucket:
    """What lies in the bucket, what was asked, and what is answered instead."""

    port: int = 0
    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refusal: tuple[int, str] | None = None
    cuts_off_at: int | None = None
    """After how many bytes of a body the connection ends."""

    def settings(self, **given: Any) -> BucketSettings:
        """The settings that lead here."""
        known = {
            "endpoint": f"http://127.0.0.1:{self.port}",
            "name": NAME,
            "region": REGION,
            "key_id": KEY_ID,
            "secret": SECRET,
            "prefix": PREFIX,
            "is_private": True,
        }
        return BucketSettings(**{**known, **given})

    def environment(self) -> dict[str, str]:
        """The same as somebody writes them."""
        return {
            "BACKUP_BUCKET_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "BACKUP_BUCKET": NAME,
            "BACKUP_BUCKET_REGION": REGION,
            "BACKUP_BUCKET_KEY_ID": KEY_ID,
            "BACKUP_BUCKET_SECRET": SECRET,
            "BACKUP_BUCKET_PREFIX": PREFIX,
            "BACKUP_BUCKET_PRIVATE": "on",
        }


@contextmanager
def fake_bucket() -> Iterator[FakeBucket]:
    """Run the service as long as the block lasts."""
    bucket = FakeBucket()
    handler = type("Handler", (_Handler,), {"bucket": bucket})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        bucket.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield bucket
        finally:
            server.shutdown()
            thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    bucket: FakeBucket

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        self.bucket.asked.append(f"{self.command} {unquote(url.path)}")
        if refusal := self.bucket.refusal or self._fault(url.path, dict(parse_qsl(url.query, True)), body):
            self._refuse(*refusal)
            return
        key = unquote(url.path).removeprefix(f"/{NAME}").removeprefix("/")
        if not key:
            self._list(dict(parse_qsl(url.query)))
        elif self.command == "PUT":
            self.bucket.objects[key] = body
            self._send(200, b"")
        elif self.command == "DELETE":
            self.bucket.objects.pop(key, None)
            self._send(204, b"")
        elif key in self.bucket.objects:
            self._send(200, self.bucket.objects[key])
        else:
            self._refuse(404, "NoSuchKey")

    do_GET = do_PUT = do_DELETE = _answer  # noqa: N815 - the names are the library's

    def _fault(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, str] | None:
        digest = self.headers["x-amz-content-sha256"]
        at = datetime.strptime(self.headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        url = f"http://{self.headers['Host']}{path}"
        expected = Signer(KEY_ID, SECRET, REGION).sign(self.command, url, at=at, query=query, body_sha256=digest)
        if self.headers["Authorization"] != expected["authorization"]:
            return 403, "SignatureDoesNotMatch"
        if hashlib.sha256(body).hexdigest() != digest:
            return 400, "XAmzContentSHA256Mismatch"
        return None if path.startswith(f"/{NAME}") else (404, "NoSuchBucket")

    def _list(self, query: dict[str, str]) -> None:
        keys = sorted(key for key in self.bucket.objects if key.startswith(query["prefix"]))
        first = int(query.get("continuation-token", 0))
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.bucket.objects[key])}</Size></Contents>"
            for key in keys[first : first + PAGE]
        )
        token = first + PAGE
        more = f"<NextContinuationToken>{token}</NextContinuationToken>" if token < len(keys) else ""
        text = f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{found}{more}</ListBucketResult>'
        self._send(200, text.encode())

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, f"<Error><Code>{code}</Code><Message>No.</Message></Error>".encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.bucket.cuts_off_at])
        self.close_connection = True
