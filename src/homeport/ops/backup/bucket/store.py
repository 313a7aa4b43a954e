"""What is asked of an S3-compatible bucket: list, put, get, delete; each request signed, bounded and explained."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote

from homeport.errors import HomeportError, InvalidError
from homeport.net.addresses import Address, is_public
from homeport.net.client import Answered, send
from homeport.net.signature import NOTHING, Signer, canonical_query
from homeport.ops.backup.bucket.answers import Listed, explain, read_page
from homeport.ops.backup.errors import BackupFailedError
from homeport.settings import BucketSettings

LARGEST_BYTES = 5 * 2**30
"""What such a service takes in one piece."""

ANSWER_BYTES = 8 * 2**20
SECONDS = 60.0
SLOWEST_BYTES_PER_SECOND = 100_000
HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket, and the prefix below which ours lies; every method raises BackupFailedError."""

    settings: BucketSettings
    secret: str = field(repr=False)

    @property
    def address(self) -> str:
        """What it is called in sentences."""
        return f"s3://{self.settings.name}/{self.settings.prefix}"

    def list(self) -> Iterator[Listed]:
        """Yield what lies there, by its name without the prefix."""
        query = {"list-type": "2", "prefix": self.settings.prefix}
        while True:
            page = read_page(self._ask("GET", "", query=query).data, self.settings.prefix)
            yield from page.listed
            if not page.next_token:
                return
            query = {**query, "continuation-token": page.next_token}

    def put_file(self, name: str, path: Path) -> None:
        """Store a file under this name, in the place of what has it."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_BYTES:
                raise BackupFailedError(
                    f"{path.name} has {size:,} bytes, and a bucket takes {LARGEST_BYTES:,} at once",
                    hint="Name a folder in BACKUP_COPY_DIR, and copy that with a tool such as rclone.",
                )
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            self._ask("PUT", name, body=file, size=size, sha256=digest)

    def put(self, name: str, content: bytes) -> None:
        """Store these bytes."""
        self._ask("PUT", name, body=content, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    def get(self, name: str) -> bytes | None:
        """Return a small object, None when there is none of this name."""
        answer = self._ask("GET", name, may_be_missing=True)
        return answer.data if answer.status == 200 else None

    def get_file(self, listed: Listed, target: Path) -> None:
        """Write an object into a new file, with as many bytes as were listed."""
        if listed.size_bytes > LARGEST_BYTES:
            raise BackupFailedError(
                f"{self.address}{listed.name} has {listed.size_bytes:,} bytes, and no more than {LARGEST_BYTES:,} are "
                "fetched",
                hint="Homeport puts nothing there that is larger; look whose it is.",
            )
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            self._ask("GET", listed.name, into=file, size=listed.size_bytes)
            if file.tell() != listed.size_bytes:
                raise BackupFailedError(
                    f"{self.address}{listed.name} was cut off: {file.tell():,} of {listed.size_bytes:,} bytes came",
                    hint="Try again; if it stays so, take another one of `homeport backup list --bucket`.",
                )

    def delete(self, name: str) -> None:
        """Take an object away."""
        self._ask("DELETE", name)

    def _ask(  # noqa: PLR0913 - what a request consists of
        self,
        method: str,
        name: str,
        *,
        query: dict[str, str] | None = None,
        body: bytes | IO[bytes] | None = None,
        size: int = 0,
        sha256: str = NOTHING,
        into: IO[bytes] | None = None,
        may_be_missing: bool = False,
    ) -> Answered:
        url = f"{self.settings.endpoint}/{self.settings.name}"
        if name:
            url += f"/{quote(self.settings.prefix + name, safe='-_.~/')}"
        signer = Signer(self.settings.key_id, self.secret, self.settings.region)
        headers = signer.sign(method, url, at=datetime.now(UTC), query=query, body_sha256=sha256)
        if body is not None:
            headers["content-length"] = str(size)
        try:
            answer = send(
                method,
                f"{url}?{canonical_query(query)}" if query else url,
                headers=headers,
                body=body,
                max_bytes=ANSWER_BYTES if into is None else size,
                timeout_seconds=SECONDS + size / SLOWEST_BYTES_PER_SECOND,
                is_allowed=self._is_allowed,
                into=into,
            )
        except HomeportError as error:
            raise BackupFailedError(
                f"{self.address} cannot be used: {error}",
                hint="BACKUP_BUCKET_ENDPOINT says where it is; in your own network it needs BACKUP_BUCKET_PRIVATE=on.",
            ) from error
        if answer.status // 100 == 2 or (may_be_missing and answer.status == 404 and b"NoSuchKey" in answer.data):
            return answer
        raise explain(answer, self.address)

    def _is_allowed(self, address: Address, _port: int) -> bool:
        # Such services answer on ports of their own, too.
        return self.settings.is_private or is_public(address, HTTPS_PORT)


def bucket_of(settings: BucketSettings, data: Path) -> Bucket | None:
    """Return the bucket that is set, None without one; raises InvalidError when its secret is not there."""
    if not settings.name:
        return None
    file = data / "secrets" / "backup_bucket_secret"
    secret = settings.secret or (file.read_text(encoding="utf-8").strip() if file.exists() else "")
    if not secret:
        raise InvalidError(
            f"the secret of the key {settings.key_id} is not here",
            hint=f"Write it into {file}, or set BACKUP_BUCKET_SECRET.",
        )
    return Bucket(settings, secret)
