"""What was last published from this machine: by it a change on the site since then is noticed, and merged."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, unquote


@dataclass(frozen=True, slots=True)
class Published:
    """An entry's version on the site, and the file that both sides had then; its id there, and the file's path here."""

    version: str
    text: str
    entry: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """A folder with a note about each entry of one site."""

    folder: Path

    @classmethod
    def of(cls, environment: Mapping[str, str], site: str) -> "Memory":
        """Return what is remembered of a site, in the place where programs keep what they have learnt."""
        home = environment.get("XDG_STATE_HOME") or Path(environment.get("HOME", "~")).expanduser() / ".local/state"
        return cls(Path(home) / "homeport" / "published" / quote(site, safe=""))

    def recall(self, slug: str) -> Published | None:
        """Return what is known of an entry; a note that cannot be read is none."""
        return _read(self._path(slug))

    def recall_all(self) -> dict[str, Published]:
        """Return what is known of all entries, by the slugs that they had."""
        notes = {unquote(path.stem): _read(path) for path in sorted(self.folder.glob("*.json"))}
        return {slug: note for slug, note in notes.items() if note is not None}

    def remember(self, slug: str, published: Published) -> None:
        """Note what both sides have now."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        note = asdict(published)
        beside = self._path(slug).with_suffix(".new")
        beside.write_text(json.dumps(note), encoding="utf-8")
        beside.replace(self._path(slug))

    def forget(self, slug: str) -> None:
        """Know nothing any more of an entry by a slug that it has no more."""
        self._path(slug).unlink(missing_ok=True)

    def _path(self, slug: str) -> Path:
        return self.folder / f"{quote(slug, safe='')}.json"


def _read(path: Path) -> Published | None:
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        said = (note["version"], note["text"], note.get("entry", ""), note.get("file", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Published(*map(str, said))
