"""What an archive says of itself: who made it, when, of what, and how each part must look."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from homeport.ops.backup.errors import OtherReleaseError, UnreadableArchiveError
from homeport.releases import is_newer

NAME = "manifest.json"
FORMAT = 2
"""Raised when an older release could not restore what a newer one writes."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file in the archive."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first file in the archive; the others follow in the order of `parts`."""

    made_at: datetime
    release: str
    schema: str
    oldest_release: str
    """The oldest release that can run on this schema."""

    server_major: int
    counts: Mapping[str, int]
    """Rows of each table, counted in the very snapshot that was dumped."""

    parts: tuple[Part, ...]
    format: int = FORMAT

    def to_json(self) -> str:
        """Return what `from_json` reads."""
        return json.dumps({**asdict(self), "made_at": self.made_at.isoformat()}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a manifest.

        Raises OtherReleaseError for the form of a newer release, UnreadableArchiveError for anything else.
        """
        try:
            values = json.loads(text)
            if values["format"] > FORMAT:
                raise OtherReleaseError(
                    f"the archive was made by Homeport {values['release']}, in a form that this release does not know",
                    hint="Restore it with that release, or a newer one.",
                )
            parts = tuple(Part(**part) for part in values.pop("parts"))
            return cls(**{**values, "made_at": datetime.fromisoformat(values["made_at"]), "parts": parts})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnreadableArchiveError("the archive's manifest cannot be read") from error

    def refuse_if_newer(self, release: str) -> None:
        """Raise OtherReleaseError when only a release newer than this one can use the archive's database."""
        if is_newer(self.oldest_release, than=release):
            raise OtherReleaseError(
                f"the archive needs Homeport {self.oldest_release} or newer; this is {release}",
                hint="Install the newer release first.",
            )
