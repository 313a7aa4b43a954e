"""An archive is proven once the site has answered out of it, and not before."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from homeport.drill import proving
from homeport.drill.proving import prove_newest
from homeport.ops.backup import databases
from homeport.ops.backup.errors import BackupFailedError, UnreadableArchiveError
from homeport.ops.backup.making import make_backup
from tests.factories.backups import Installation


def test_the_newest_archive_is_restored_asked_for_pages_and_noted(site):
    made = make_backup(site.source)
    proof = prove_newest(site.source)
    assert (proof.archive, proof.pages) == (made, ("/", "/feed.atom", "/posts/second"))
    assert proof.rows == sum(site.counts().values())
    [noted] = site.source.shelf.list_archives()
    assert noted.proven_at == proof.proven_at
    assert site.source.shelf.last().proven_at == proof.proven_at
    assert site.databases() == {databases.name_of(site.uri)}


def test_readers_in_the_meantime_are_not_disturbed(site):
    make_backup(site.source)
    with databases.connected(site.uri) as reading, reading.cursor() as cursor:
        prove_newest(site.source)
        cursor.execute("select count(*) from entry")
        assert cursor.fetchone() == (2,)


def test_a_damaged_archive_is_not_proven(site):
    path = site.source.shelf.path_of(make_backup(site.source))
    content = bytearray(path.read_bytes())
    content[-500] ^= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableArchiveError):
        prove_newest(site.source)
    assert site.source.shelf.last().proven_at is None


def test_a_site_that_does_not_answer_is_not_proven(site, monkeypatch):
    make_backup(site.source)
    site_pages = proving.atom
    monkeypatch.setattr(site_pages, "FILE_NAME", "not-there")
    with pytest.raises(BackupFailedError, match="the restored site answers 404 for /not-there"):
        prove_newest(site.source)
    assert site.source.shelf.last().proven_at is None
    assert site.databases() == {databases.name_of(site.uri)}


def test_without_an_archive_there_is_nothing_to_prove(site):
    with pytest.raises(BackupFailedError, match="there is no archive in"):
        prove_newest(site.source)


KILLED = """
    import signal, sys
    from pathlib import Path
    from homeport.drill import proving
    from tests.factories.backups import Installation

    def stop(*_):
        print("here", flush=True)
        signal.pause()

    proving._visit = stop
    proving.prove_newest(Installation(sys.argv[1], Path(sys.argv[2])).source)
    """


def test_what_a_killed_drill_leaves_behind_goes_with_the_next(site: Installation):
    make_backup(site.source)
    arguments = [sys.executable, "-c", textwrap.dedent(KILLED), site.uri, str(site.folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"here\n"
        os.kill(killed.pid, signal.SIGKILL)
    assert len(site.databases()) == 2
    prove_newest(site.source)
    assert site.databases() == {databases.name_of(site.uri)}
