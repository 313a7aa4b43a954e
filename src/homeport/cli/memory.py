"""What was last published from this machine: by it a change on the site since then is noticed, and merged."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Published:
    """An entry's version on the site, and the file that both sides had then."""

    version: str
    text: str


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
        try:
            note = json.loads(self._path(slug).read_text(encoding="utf-8"))
            return Published(str(note["version"]), str(note["text"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember(self, slug: str, published: Published) -> None:
        """Note what both sides have now."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        note = {"version": published.version, "text": published.text}
        beside = self._path(slug).with_suffix(".new")
        beside.write_text(json.dumps(note), encoding="utf-8")
        beside.replace(self._path(slug))

    def _path(self, slug: str) -> Path:
        return self.folder / f"{quote(slug, safe='')}.json"
