"""The proxy's folder for what its administration has no field for; it is a folder of the proxy's volume."""

import os
from pathlib import Path

from homeport.ops import files
from homeport.ops.edge.nginx import ZONE_BEGIN, ZONE_END, ZONE_FILE, with_zone

CERTBOT_LOG = "logs/letsencrypt.log"
LONGEST_LOG_BYTES = 64 * 1024


class CustomFolder:
    """The folder, as it is mounted here; or none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @property
    def is_writable(self) -> bool:
        """Say whether we can write into it."""
        return self._path is not None and self._path.is_dir() and os.access(self._path, os.W_OK)

    def zone(self) -> str | None:
        """Return what we have written there, or None."""
        _, begin, rest = self._text().partition(f"{ZONE_BEGIN}\n")
        zone, end, _ = rest.partition(f"\n{ZONE_END}")
        return zone if begin and end else None

    def write_zone(self, zone: str) -> None:
        """Put our lines into the file; those of others stay. nginx reads them with the next write to a host."""
        # The proxy's nginx may run as another user.
        files.write_atomically(self._file, with_zone(self._text(), zone), mode=0o644)

    def certbot_log(self) -> str:
        """Return the end of what certbot last wrote, if more of the proxy's volume than the folder is mounted here."""
        if self._path is None:
            return ""
        try:
            with (self._path.parent.parent / CERTBOT_LOG).open("rb") as log:
                log.seek(max(log.seek(0, os.SEEK_END) - LONGEST_LOG_BYTES, 0))
                return log.read().decode(errors="replace")
        except OSError:
            return ""

    @property
    def _file(self) -> Path:
        assert self._path is not None
        return self._path / ZONE_FILE

    def _text(self) -> str:
        if self._path is None:
            return ""
        try:
            return self._file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""
