"""What was written after the last archive is there again, up to the last piece of the log or up to a moment."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from homeport.errors import NotFoundError
from homeport.ops import process
from homeport.ops.backup import databases
from homeport.ops.backup.bucket.store import Bucket
from homeport.ops.backup.errors import BackupFailedError, OccupiedDatabaseError, UnreadableArchiveError
from homeport.ops.backup.wal.receiving import current_piece
from homeport.ops.backup.wal.recovering import lay_out
from homeport.ops.folder import DataFolder
from tests.factories.buckets import SECRET, fake_bucket

SECONDS = 30


def rows_at(server) -> list[str]:
    with databases.connected(server.uri) as connection, connection.cursor() as cursor:
        cursor.execute("select word from written order by id")
        return [word for (word,) in cursor.fetchall()]


def ship(logged, shipper) -> None:
    """Look again and again until what was written so far is sealed."""
    written = current_piece(logged.server.uri)
    logged.switch()

    def is_sealed() -> bool:
        shipper.look(datetime.now(UTC))
        return written in logged.folder.list_sealed()

    assert process.wait_until(is_sealed, SECONDS)


def test_the_database_comes_back_elsewhere_with_all_that_was_sealed(logged, start_server, tmp_path):
    with fake_bucket() as service:
        shipper = logged.shipper(Bucket(service.settings(), SECRET))
        shipper.look(datetime.now(UTC))
        logged.do("create table written (id int generated always as identity, word text)")
        logged.do("insert into written (word) values ('first')")
        ship(logged, shipper)
        between = datetime.now(UTC)
        logged.do("insert into written (word) values ('second')")
        ship(logged, shipper)
        asked = len(service.asked)
        shipper.look(datetime.now(UTC))
        assert len(service.asked) == asked
        shipper.stop()
        assert {path.name for path in logged.folder.root.glob("*.age")} == {
            name.removeprefix("site/wal/") for name in service.objects
        }
    logged.server.kill()
    everything = [path.read_bytes() for path in logged.folder.root.glob("*.age")]
    assert not [data for data in everything if b"first" in data or not data.startswith(b"age-encryption.org/v1")]
    for until, expected in ((None, ["first", "second"]), (between, ["first"])):
        place = DataFolder(tmp_path / f"other-{len(expected)}")
        _, pieces = lay_out(logged.folder, place.cluster, [logged.keys.server()], until=until)
        assert pieces >= 2
        # In the eyes of the server, which is nobody to itself here, the files had another owner.
        for path in (place.cluster, *place.cluster.rglob("*")):
            os.chown(path, os.getuid(), os.getgid())
        server = start_server(place.root.name)
        try:
            assert rows_at(server) == expected
            assert not (place.cluster / "homeport_wal").exists()
        finally:
            server.stop()


def test_another_server_begins_anew_whatever_its_pieces_are_called(logged, start_server, tmp_path):
    shipper = logged.shipper()
    shipper.look(datetime.now(UTC))
    logged.do("create table written (id int generated always as identity, word text)")
    for _ in range(4):
        logged.do("insert into written (word) values ('of the former')")
        ship(logged, shipper)
    former = logged.folder.list_bases()
    shipper.stop()
    logged.server.kill()
    second = replace(logged, server=start_server("second"))
    try:
        second.do("alter role homeport replication", user="postgres")
        shipper = second.shipper()
        shipper.look(datetime.now(UTC))
        second.do("create table written (id int generated always as identity, word text)")
        second.do("insert into written (word) values ('of the new one')")
        ship(second, shipper)
        shipper.stop()
    finally:
        second.server.kill()
    [base] = logged.folder.list_bases()
    assert base not in former
    assert logged.folder.chain_from(base.first) == logged.folder.list_sealed()
    place = DataFolder(tmp_path / "other")
    lay_out(logged.folder, place.cluster, [logged.keys.server()])
    for path in (place.cluster, *place.cluster.rglob("*")):
        os.chown(path, os.getuid(), os.getgid())
    server = start_server(place.root.name)
    try:
        assert rows_at(server) == ["of the new one"]
    finally:
        server.stop()


def test_what_cannot_be_used_is_refused(logged, tmp_path):
    shipper = logged.shipper()
    with pytest.raises(NotFoundError, match="there is no base backup"):
        lay_out(logged.folder, tmp_path / "empty", [logged.keys.server()])
    shipper.look(datetime.now(UTC))
    shipper.stop()
    with pytest.raises(NotFoundError):
        lay_out(logged.folder, tmp_path / "empty", [logged.keys.server()], until=datetime.now(UTC) - timedelta(days=1))
    with pytest.raises(OccupiedDatabaseError, match="is not empty"):
        lay_out(logged.folder, logged.server.folder.cluster, [logged.keys.server()])
    other = type(logged.keys)(tmp_path / "other").server()
    with pytest.raises(UnreadableArchiveError, match="sealed for other keys"):
        lay_out(logged.folder, tmp_path / "empty", [other])


def test_a_role_that_may_not_is_told_with_the_remedy(logged):
    logged.do("alter role homeport noreplication", user="postgres")
    with pytest.raises(BackupFailedError, match="may not read the log") as told:
        logged.shipper().look(datetime.now(UTC))
    assert "then-replication.sh" in told.value.hint
