"""PostgreSQL's data folder: made once, never half, and never opened by the wrong version."""

import os
import shutil
import subprocess
from pathlib import Path

from homeport.errors import ConflictError, UnavailableError
from homeport.ops.folder import DataFolder
from homeport.ops.postgres.binaries import Binaries
from homeport.ops.postgres.exchange import complete_exchange
from homeport.ops.postgres.identity import Identity
from homeport.ops.postgres.sockets import DATABASE, USER

# The C locale for messages and dates, and no search for the system's time zone: the server keeps UTC.
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}

_INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)
# The worst first; a program's own name is how it begins a complaint.
_REASONS = ("PANIC:", "FATAL:", "initdb: error:", "ERROR:")
_FIRST_STATEMENTS = f"CREATE ROLE {USER} LOGIN CREATEDB;\nCREATE DATABASE {DATABASE} OWNER {USER};\n"


class WrongVersionError(ConflictError):
    """The data folder was written by another major version of PostgreSQL."""

    def __init__(self, cluster: Path, found: int, expected: int) -> None:
        super().__init__(
            f"{cluster} was written by PostgreSQL {found}, and this release brings PostgreSQL {expected}",
            hint="`homeport upgrade-db` moves it, with the programs of the former version. Without them move the "
            "folder away and `homeport restore` an archive; or `homeport export` with the release that wrote it."
            if found < expected
            else "Run `homeport export` with the release that wrote it, move the folder away, start again and "
            "`homeport import` what was exported.",
        )


def ensure_cluster(folder: DataFolder, binaries: Binaries, identity: Identity) -> bool:
    """Make the data folder if there is none, with the role and the database in it; say whether it was made.

    Raises WrongVersionError for a folder that these programs cannot open.
    """
    complete_exchange(folder)
    if (folder.cluster / "PG_VERSION").exists():
        _check_version(folder.cluster, binaries)
        return False
    _refuse_unknown_content(folder.cluster)
    _remove_unfinished(folder)
    unfinished = folder.cluster.with_name(f"{folder.cluster.name}.new")
    try:
        unfinished.mkdir(mode=0o700)
        identity.own(unfinished)
        _run([binaries.bin / "initdb", "--pgdata", unfinished, *_INITDB_OPTIONS], identity)
        single: list[str | Path] = [binaries.bin / "postgres", "--single", "-D", unfinished, "postgres"]
        _run(single, identity, statements=_FIRST_STATEMENTS)
        unfinished.rename(folder.cluster)
    except BaseException:
        # Most often the disk is full; what is of no use must not keep it so.
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return True


def major_of_cluster(cluster: Path) -> int:
    """Return the version that has written a data folder; raises ConflictError when there is none."""
    try:
        text = (cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ConflictError(
            f"there is no database in {cluster.parent}", hint="Name the data folder with --data."
        ) from None
    if not text.isdigit():
        raise ConflictError(f"{cluster / 'PG_VERSION'} is damaged", hint="Restore the data folder from a backup.")
    return int(text)


def _check_version(cluster: Path, binaries: Binaries) -> None:
    found = major_of_cluster(cluster)
    if found != binaries.major:
        raise WrongVersionError(cluster, found, binaries.major)


def _refuse_unknown_content(cluster: Path) -> None:
    if cluster.exists():
        if any(cluster.iterdir()):
            raise ConflictError(
                f"{cluster} holds something that is not a PostgreSQL data folder",
                hint="Move it away, or choose another folder with --data.",
            )
        cluster.rmdir()


def _remove_unfinished(folder: DataFolder) -> None:
    for path in folder.root.glob(f"{folder.cluster.name}.new*"):
        shutil.rmtree(path)


def _run(arguments: list[str | Path], identity: Identity, *, statements: str = "") -> None:
    result = subprocess.run(
        arguments,
        input=statements,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=ENVIRONMENT,
        preexec_fn=identity.enter,
    )
    # The single-user server answers a failed statement with a line and ends well all the same.
    if result.returncode != 0 or "ERROR:" in result.stdout:
        raise UnavailableError(f"the database could not be created: {reason_in(result.stdout)}")


def reason_in(output: str) -> str:
    """Return the line that says why; the last ones only tell what was cleaned up after it."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for mark in _REASONS:
        told = [line.partition(mark)[2].strip() for line in lines if mark in line]
        if told:
            return told[0]
    return lines[-1] if lines else "no reason given"
