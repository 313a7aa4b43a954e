"""The log is proven once a server of its own has started on it and holds what it should, and not before."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.ops import process
from homeport.ops.backup.errors import BackupFailedError, UnreadableArchiveError
from homeport.ops.backup.wal import proving
from homeport.ops.backup.wal.folder import SEALED
from homeport.ops.backup.wal.proving import LogProof, can_prove, prove_log
from homeport.ops.postgres.cluster import ENVIRONMENT
from tests.ops.backup.wal.test_recovering import ship

SCRIPT = Path(__file__).parents[4] / "deploy" / "proof" / "prove-log.sh"
CHANGED = "update content_revision set revision = 7, raised_at = now() - interval '1 h'"
Prove = Callable[[], LogProof]


@pytest.fixture
def kept(logged):
    """A site whose log is kept: a base backup, a change of an hour ago, and the pieces of the log with it."""
    database = Database(logged.server.uri, pool_size=1)
    bring_up_to_date(database.engine)
    database.dispose()
    shipper = logged.shipper()
    shipper.look(datetime.now(UTC))
    logged.do(CHANGED)
    ship(logged, shipper)
    shipper.stop()
    return logged


@pytest.fixture
def place(tmp_path) -> Path:
    place = tmp_path / "proving"
    place.mkdir()
    return place


@pytest.fixture
def prove(kept, place, tmp_path) -> Iterator[Prove]:
    """Prove the log, with somebody who starts the server as the container does."""
    server = kept.server
    once = f'until [ -e "$1/case/question.sql" ]; do sleep 0.05; done; exec sh {SCRIPT} "$1" once'
    environment = {**ENVIRONMENT, "PATH": f"{server.binaries.bin}:{os.defpath}"}
    with (tmp_path / "prover.log").open("wb") as said:
        command = ["sh", "-c", once, "sh", place]
        prover = process.start(command, environment=environment, output=said, become=server.identity.enter)
    yield lambda: prove_log(server.uri, kept.folder, place, [kept.keys.server()])
    process.end(prover, signal.SIGTERM, seconds=10)


def pieces_of(kept) -> list[Path]:
    return [kept.folder.root / f"{name}{SEALED}" for name in kept.folder.list_sealed()]


def seal(kept, path: Path, content: bytes) -> None:
    path.write_bytes(pyrage.encrypt(content, list(kept.keys.recipients())))


def test_a_server_starts_on_base_and_log_holds_the_last_change_and_is_thrown_away(kept, prove, place):
    assert can_prove(kept.folder, place)
    [base] = kept.folder.list_bases()
    proof = prove()
    assert (proof.base_made_at, proof.pieces) == (base.made_at, len(kept.folder.chain_from(base.first)))
    assert proof.pieces >= 1
    assert [path.name for path in place.iterdir()] == [".lock"]


def test_a_change_that_the_log_lacks_is_told(kept, prove):
    for path in pieces_of(kept):
        path.unlink()
    with pytest.raises(BackupFailedError, match="lacks what was written more than 2 minutes ago: content revision"):
        prove()


def test_a_piece_that_is_no_log_ends_it_too_early(kept, prove):
    seal(kept, pieces_of(kept)[-1], b"not compressed")
    with pytest.raises(BackupFailedError, match="has not read the log to its end"):
        prove()


def test_a_base_that_is_none_is_told_in_the_words_of_the_program(kept, prove):
    seal(kept, kept.folder.root / kept.folder.list_bases()[-1].name, b"not compressed")
    with pytest.raises(BackupFailedError, match=r"the base backup cannot be unpacked\. .*gzip"):
        prove()


class TestWithoutAServer:
    """What shows before one is started."""

    @pytest.fixture
    def prove(self, kept, place, monkeypatch) -> Prove:
        monkeypatch.setattr(proving, "TAKING_SECONDS", 0.1)
        return lambda: prove_log(kept.server.uri, kept.folder, place, [kept.keys.server()])

    def test_nobody_is_there_to_start_one(self, prove, place):
        with pytest.raises(BackupFailedError, match="nobody starts a server on the log") as told:
            prove()
        assert "compose ps proof" in told.value.hint
        assert [path.name for path in place.iterdir()] == [".lock"]

    def test_what_is_damaged_is_refused(self, kept, prove):
        path = pieces_of(kept)[-1]
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(UnreadableArchiveError, match="is damaged"):
            prove()

    def test_a_gap_is_told(self, kept, prove):
        last = pieces_of(kept)[-1]
        later = f"{int(last.name[:24], 16) + 2:024X}"
        seal(kept, last.with_name(f"{later}{SEALED}"), b"")
        with pytest.raises(BackupFailedError, match=f"has a gap before {later}"):
            prove()

    def test_without_a_base_or_a_place_there_is_nothing_to_prove(self, kept, place, tmp_path):
        assert not can_prove(kept.folder, tmp_path / "nowhere")
        for base in kept.folder.list_bases():
            (kept.folder.root / base.name).unlink()
        assert not can_prove(kept.folder, place)
