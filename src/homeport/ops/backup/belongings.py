"""What an archive holds beside the database: settings, secrets, and the folders of the proxy in front."""

import os
import re
import sqlite3
import tarfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from homeport.errors import InvalidError
from homeport.ops.edge.keys import FILE_VARIABLE, KEYS
from homeport.ops.folder import DataFolder
from homeport.settings import VARIABLES

SETTINGS = "settings.env"
DECLARATION = "edge.toml"
SECRETS = "secrets"
FOLDERS = "folders"
# What a proxy writes all day and nobody needs again.
LEFT_OUT = ("logs",)
_DATABASE_FILE = re.compile(r".*\.sqlite3?")


def store_settings(environment: Mapping[str, str], data: DataFolder, into: Path) -> list[str]:
    """Write what the environment says about the site, a secret in a file each; return the names of the parts.

    What names the data folder is left out: it is true of this host alone, such as the socket of the site's own server.
    The generated signing key stands in for one that was not given.
    """
    keys = {FILE_VARIABLE, *(key.variable.removesuffix("_FILE") for key in KEYS if key.variable)}
    names = keys | {variable.name for variable in VARIABLES}
    (into / SECRETS).mkdir(mode=0o700)
    lines, parts = [], [SETTINGS]
    for name in sorted(names):
        text = environment.get(name, "").strip()
        if text and str(data.root) not in text:
            lines.append(f"{name}={_quoted(text)}")
        file = environment.get(f"{name}_FILE", "").strip()
        if file or (name == "FLASK_KEY" and not text and data.secret_key.exists()):
            parts.append(f"{SECRETS}/{name}")
            _write(into / parts[-1], _read(Path(file) if file else data.secret_key, f"{name}_FILE"))
    _write(into / SETTINGS, "".join(f"{line}\n" for line in lines).encode())
    return parts


def store_declaration(environment: Mapping[str, str], into: Path) -> list[str]:
    """Copy the file in which the edge is declared, if there is one; return the names of the parts."""
    file = environment.get(FILE_VARIABLE, "").strip()
    if not file:
        return []
    _write(into / DECLARATION, _read(Path(file), FILE_VARIABLE))
    return [DECLARATION]


def store_folders(folders: Sequence[Path], into: Path) -> list[str]:
    """Pack each folder, with owners, modes and links; return the names of the parts. A missing one is left out."""
    (into / FOLDERS).mkdir(mode=0o700)
    parts = []
    for folder in folders:
        if folder.is_dir():
            parts.append(f"{FOLDERS}/{folder.name}.tar")
            with tarfile.open(into / parts[-1], "w", format=tarfile.PAX_FORMAT) as tar:
                _pack(tar, folder, into)
    return parts


def _pack(tar: tarfile.TarFile, folder: Path, workshop: Path) -> None:
    copy = workshop / "copy.sqlite"
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if relative.parts[0] in LEFT_OUT or path.is_socket() or path.is_fifo():
            continue
        entry = tar.gettarinfo(path, str(relative))
        if not entry.isreg():
            tar.addfile(entry)
            continue
        content = path
        if _DATABASE_FILE.fullmatch(path.name):
            # Somebody may be writing to it, and a copy of its bytes could be of two moments.
            _copy_database(path, copy)
            entry.size, content = copy.stat().st_size, copy
        with content.open("rb") as file:
            tar.addfile(entry, file)
    copy.unlink(missing_ok=True)


def _copy_database(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)


def _read(path: Path, variable: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidError(f"{variable}: cannot read {path} ({error.strerror})") from error


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _quoted(text: str) -> str:
    # As both Docker Compose and python-dotenv read it: nothing in single quotes means anything but a quote.
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
