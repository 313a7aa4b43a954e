"""Has a throw-away server started on the newest base backup and the log after it, and compares what that holds.

The server is another container's (`deploy/proof/prove-log.sh`): whoever has the keys of the archives has no programs of
a server, and whoever has those has no keys. The two share a folder and nothing else.
"""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg2.sql import SQL, Literal
from pyrage.x25519 import Identity

from homeport.errors import ConflictError
from homeport.ops import process
from homeport.ops.backup import databases
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.wal.folder import SEALED, LogFolder, number_of
from homeport.ops.backup.wal.recovering import unsealed, write_unsealed

BOUND = timedelta(minutes=2)
"""What `homeport status` says that could be lost at most."""

TAKING_SECONDS = 60.0
PROVING_SECONDS = 3600.0
PIECE_BYTES = 16 * 2**20
PROVEN = "proven"
LARGEST_ANSWER = 10_000

# What was there before the bound: a newer change may not have been carried away yet.
_NEWEST = SQL(
    "select coalesce((select revision from content_revision where raised_at < {at}), 0), "
    "coalesce((select extract(epoch from max(created_at)) from entry_revision where created_at < {at}), 0)::bigint"
)
_REACHED = SQL(", pg_last_wal_replay_lsn() - '0/0'::pg_lsn, pg_is_in_recovery()")


@dataclass(frozen=True, slots=True)
class LogProof:
    """What a server has started on, and when."""

    base_made_at: datetime
    pieces: int
    proven_at: datetime


def can_prove(folder: LogFolder, place: Path) -> bool:
    """Say whether there is something to prove, and a folder that somebody who can looks into."""
    return place.is_dir() and bool(folder.list_bases())


def prove_log(uri: str, folder: LogFolder, place: Path, identities: Sequence[Identity]) -> LogProof:
    """Have it tried; raises BackupFailedError, UnreadableArchiveError for what is damaged, and ConflictError."""
    with _alone_in(place):
        return _prove(uri, folder, place / "case", identities)


def _prove(uri: str, folder: LogFolder, case: Path, identities: Sequence[Identity]) -> LogProof:
    _clear(case)
    try:
        with databases.connected(uri) as connection, connection, connection.cursor() as cursor:
            cursor.execute("select now()")
            question = _NEWEST.format(at=Literal(cursor.fetchone()[0] - BOUND))
            cursor.execute(question)
            expected = cursor.fetchone()
            text = (question + _REACHED).as_string(connection)
        base = folder.list_bases()[-1]
        pieces = folder.chain_from(base.first)
        _refuse_gap(folder, base.first, pieces)
        _lay_down(folder, case, base.name, pieces, identities)
        (case / "database").write_text(databases.name_of(uri))
        (case / "question.new").write_text(text)
        # Only now does the other one see that there is something to do.
        (case / "question.new").rename(case / "question.sql")
        _compare(expected, _wait_for_answer(case), pieces)
    finally:
        _clear(case)
    return LogProof(base.made_at, len(pieces), datetime.now(UTC))


@contextmanager
def _alone_in(place: Path) -> Iterator[None]:
    with (place / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError("the log is being proven already", hint="Wait until that has finished.") from None
        yield


def _refuse_gap(folder: LogFolder, first: str, pieces: Sequence[str]) -> None:
    since = [name for name in folder.list_sealed() if name >= first]
    if pieces != since:
        raise BackupFailedError(
            f"the log in {folder.root} has a gap before {since[len(pieces)]}",
            hint="A new base backup follows by itself; `docker compose logs backup` says why not.",
        )


def _lay_down(folder: LogFolder, case: Path, base: str, pieces: Sequence[str], identities: Sequence[Identity]) -> None:
    """Write base backup and log as the other one needs them: open, compressed, to be read by anybody who sees them."""
    (case / "wal").mkdir(parents=True)
    write_unsealed(folder.root / base, case / "base.tar.gz", identities)
    for name in pieces:
        (case / "wal" / f"{name}.gz").write_bytes(unsealed(folder.root / f"{name}{SEALED}", identities))
    # The other one is another user, and has to leave its answer here.
    case.chmod(0o777)
    for path in (case / "wal", *case.rglob("*.gz")):
        path.chmod(0o755)


def _wait_for_answer(case: Path) -> str:
    if not process.wait_until((case / "taken").exists, TAKING_SECONDS):
        raise BackupFailedError(
            "nobody starts a server on the log",
            hint="The service `proof` of compose.yaml does; `docker compose ps proof` says how it is.",
        )
    if not process.wait_until((case / "answer").exists, PROVING_SECONDS):
        raise BackupFailedError(
            f"no server was ready on the log after {PROVING_SECONDS / 60:.0f} minutes",
            hint="`docker compose logs proof` says more.",
        )
    with (case / "answer").open(encoding="utf-8", errors="replace") as file:
        said = file.read(LARGEST_ANSWER)
    head, _, rest = said.strip().partition("\n")
    if head != PROVEN:
        raise BackupFailedError(f"the log could not be proven: {head.removeprefix('failed: ')}. {rest.strip()}".strip())
    return rest


def _compare(expected: Sequence[Any], answer: str, pieces: Sequence[str]) -> None:
    """Raise BackupFailedError unless the server holds all that it should, up to the end of the log."""
    try:
        revision, newest, reached = (int(value) for value in answer.strip().split("|")[:3])
        is_done = answer.strip().split("|")[3] == "f"
    except (ValueError, IndexError) as error:
        raise BackupFailedError(f"the server on the log has said {answer[:100]!r}") from error
    # The last piece that was written to: an end between two belongs to the former.
    if not is_done or (pieces and (reached - 1) // PIECE_BYTES < number_of(pieces[-1])):
        raise BackupFailedError(f"the server has not read the log to its end, {pieces[-1] if pieces else 'the base'}")
    if revision < expected[0] or newest < expected[1]:
        raise BackupFailedError(
            f"the log lacks what was written more than {BOUND.seconds // 60} minutes ago: content revision {revision} "
            f"instead of {expected[0]}, newest version of a text {_moment(newest)} instead of {_moment(expected[1])}"
        )


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"


def _clear(case: Path) -> None:
    """Take it away at once for whoever works on it, and then bit by bit."""
    former = case.with_name("former")
    shutil.rmtree(former, ignore_errors=True)
    if case.exists():
        case.rename(former)
        shutil.rmtree(former, ignore_errors=True)
