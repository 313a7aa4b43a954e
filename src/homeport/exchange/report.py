"""What an import did, as numbers and as a list of everything that did not go as its author might expect."""

from dataclasses import asdict, dataclass, field
from typing import Any

from homeport.exchange.notices import Notice


@dataclass(slots=True)
class ImportReport:
    """The account of one import; `skipped` files are not on the site as they stand in the folder, `warnings` are."""

    dialect: str
    is_dry_run: bool = False
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[Notice] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    seconds: float = 0.0

    def skip(self, file: str, reason: str, line: int | None = None) -> None:
        """Note that a file is left out."""
        self.skipped.append(Notice(file, line, reason))

    def warn(self, file: str, reason: str, line: int | None = None) -> None:
        """Note something about a file that is taken all the same."""
        self.warnings.append(Notice(file, line, reason))

    def count(self, *, is_new: bool) -> None:
        """Note that a file went in."""
        if is_new:
            self.imported += 1
        else:
            self.updated += 1

    @property
    def nothing_went_in(self) -> bool:
        """Say whether there were files and not one of them could be taken."""
        return not (self.imported or self.updated or self.unchanged)

    def as_json(self) -> dict[str, Any]:
        """Return the report as one JSON object."""
        return {
            "format": self.dialect,
            "dry_run": self.is_dry_run,
            "imported": self.imported,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": [asdict(notice) for notice in self.skipped],
            "warnings": [asdict(notice) for notice in self.warnings],
            "seconds": round(self.seconds, 3),
        }
