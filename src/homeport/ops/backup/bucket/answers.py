"""What an S3-compatible service says: its lists, and why it refuses, in words somebody can act on."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from homeport.net.client import Answered
from homeport.ops.backup.errors import BackupFailedError

REMEDIES = {
    "AccessDenied": "The key may not do this there; it needs to list, read, write and delete.",
    "AuthorizationHeaderMalformed": "Set BACKUP_BUCKET_REGION to the bucket's region.",
    "InvalidAccessKeyId": "Correct BACKUP_BUCKET_KEY_ID.",
    "NoSuchBucket": "Make the bucket, or correct BACKUP_BUCKET.",
    "NoSuchKey": "Look what there is with `homeport backup list --bucket`.",
    "PermanentRedirect": "The bucket is in another region: correct BACKUP_BUCKET_ENDPOINT and BACKUP_BUCKET_REGION.",
    "QuotaExceeded": "Make room in the bucket.",
    "RequestTimeTooSkewed": "The clock of this server is wrong; set it.",
    "SignatureDoesNotMatch": "The secret does not belong to BACKUP_BUCKET_KEY_ID; write the right one.",
}
_CODE = re.compile(rb"<Code>(\w{1,80})</Code>")
_MESSAGE = re.compile(rb"<Message>([^<]{1,300})</Message>")


@dataclass(frozen=True, slots=True)
class Listed:
    """One object, by its name without the prefix."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list, and where it goes on."""

    listed: tuple[Listed, ...]
    next_token: str


def read_page(data: bytes, prefix: str) -> Page:
    """Read one answer about what there is; raises BackupFailedError for what is none."""
    try:
        # A list needs no document type, and only one could make a short text long.
        root = ET.fromstring(b"" if b"<!DOCTYPE" in data else data)  # noqa: S314 - see above
        listed = tuple(
            Listed(_text(found, "Key").removeprefix(prefix), int(_text(found, "Size")))
            for found in root.iterfind("{*}Contents")
        )
        return Page(listed, _text(root, "NextContinuationToken"))
    except (ET.ParseError, ValueError) as error:
        raise BackupFailedError(
            "the answer is not that of an S3-compatible service", hint="Correct BACKUP_BUCKET_ENDPOINT."
        ) from error


def explain(answer: Answered, address: str) -> BackupFailedError:
    """Say why something was refused, in the service's own words and with the remedy."""
    code = found[1].decode() if (found := _CODE.search(answer.data)) else ""
    message = found[1].decode("utf-8", errors="replace") if (found := _MESSAGE.search(answer.data)) else ""
    said = f"{code}: {message}" if code and message else code or f"status {answer.status}"
    return BackupFailedError(
        f"{address} refuses ({said})",
        hint=REMEDIES.get(code, "Check the settings that begin with BACKUP_BUCKET_."),
    )


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}") or ""
