"""Where PostgreSQL's socket lies: in the data folder, or in a short private place when that path will not do."""

import shutil
import stat
from pathlib import Path
from urllib.parse import quote

from homeport.ops import files
from homeport.ops.folder import DataFolder
from homeport.ops.postgres.identity import Identity

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_PATH = 103  # macOS allows 104 bytes with the closing zero, Linux 108; the lock file beside it may be longer
USER = "homeport"
DATABASE = "homeport"


def prepare_socket_folder(folder: DataFolder, identity: Identity) -> Path:
    """Return the folder for the socket, existing, private and owned by PostgreSQL's user."""
    path = find_socket_folder(folder)
    if path == folder.sockets:
        path.mkdir(mode=0o700, exist_ok=True)
    elif path is None:
        # Hardly any data folder lies so deep, and every start would pay for the import.
        import tempfile  # noqa: PLC0415

        path = Path(tempfile.mkdtemp(prefix="homeport-"))
        files.write_atomically(_record(folder), str(path))
    identity.own(path)
    return path


def find_socket_folder(folder: DataFolder) -> Path | None:
    """Return the folder where a running server's socket is; None when it needs a short one and has none yet."""
    path = folder.sockets / SOCKET_NAME
    # A comma separates several addresses to PostgreSQL's client library.
    if len(bytes(path)) <= LONGEST_PATH and "," not in str(path):
        return folder.sockets
    try:
        elsewhere = Path(_record(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return elsewhere if _is_private(elsewhere) else None


def remove_socket_folder(folder: DataFolder) -> None:
    """Delete a short folder made outside the data folder; the one inside stays."""
    path = find_socket_folder(folder)
    if path is not None and path != folder.sockets:
        files.remove(_record(folder))
        shutil.rmtree(path, ignore_errors=True)


def uri(socket_folder: Path, database: str = DATABASE) -> str:
    """Return the address SQLAlchemy takes."""
    return f"postgresql+psycopg2://{USER}@/{database}?host={quote(str(socket_folder), safe='/')}"


def _record(folder: DataFolder) -> Path:
    return folder.run / "socket-folder"


def _is_private(path: Path) -> bool:
    """Refuse what somebody else may have put in the shared temporary folder under the name we remember."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o700
