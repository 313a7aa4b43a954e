"""Which version of a thing a request is about, so that nobody decides about what they have not seen."""

import re
from dataclasses import dataclass

from flask import request

from homeport.errors import ConflictError, InvalidError

MOST_REPEATED = 60
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_NUMBER = re.compile(r"[0-9]{1,9}")


class VersionUnreadableError(InvalidError):
    """What stands in `If-Match` is no ETag."""


class VersionMissingError(ConflictError):
    """The request does not say which version of the thing it is about."""


class VersionPassedError(ConflictError):
    """The thing has another version by now."""


@dataclass(frozen=True, slots=True)
class Version:
    """What `If-Match` says: the versions that a change may start from; None: whichever it is."""

    tags: frozenset[str] | None

    def based_on(self, current: int) -> int:
        """Return the version that a change starts from: the one there is, if it is meant."""
        if self.tags is None or str(current) in self.tags:
            return current
        return max((int(tag) for tag in self.tags if _NUMBER.fullmatch(tag)), default=0)

    def check(self, current: int | str) -> None:
        """Refuse a change of another version; raises VersionPassedError."""
        if self.tags is not None and str(current) not in self.tags:
            raise VersionPassedError(
                "this was changed in the meantime", hint="Read it again, and send what you have with its new ETag."
            )


def read_version() -> Version | None:
    """Return what `If-Match` says, None when it is not there; raises VersionUnreadableError."""
    shown = request.headers.get("If-Match")
    if shown is None:
        return None
    if shown.strip() == "*":
        return Version(None)
    tags = _TAG.findall(shown)
    if not tags or _TAG.sub("", shown).strip(" \t,"):
        raise VersionUnreadableError(
            f"If-Match is no ETag: {_printable(shown)}",
            hint='Send the ETag as it came, with its quotes, such as "3", or * for whichever version there is.',
        )
    # RFC 9110, section 13.1.1: a weak one never stands for the very same thing.
    return Version(frozenset(tag for weak, tag in tags if not weak))


def require_version() -> Version:
    """Return what `If-Match` says; raises VersionMissingError and VersionUnreadableError."""
    version = read_version()
    if version is None:
        raise VersionMissingError(
            "say which version is meant", hint='Send its ETag as If-Match, or "If-Match: *" for whichever it is.'
        )
    return version


def _printable(shown: str) -> str:
    text = "".join(sign if sign.isprintable() else "\ufffd" for sign in shown[:MOST_REPEATED])
    return f"{text}…" if len(shown) > MOST_REPEATED else text or "(nothing)"
