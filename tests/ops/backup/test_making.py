"""An archive is complete under its name, or not there."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
import textwrap
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from dotenv import dotenv_values

from homeport.errors import ConflictError, InvalidError, UnavailableError
from homeport.ops import process
from homeport.ops.backup import making, programs
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.keys import read_identity
from homeport.ops.backup.making import Source, make_backup
from homeport.ops.backup.sealing import unseal
from tests.factories.backups import Installation
from tests.factories.buckets import PREFIX, fake_bucket


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock", "catalogue.json"}


def opened(site: Installation, folder: Path, source: Source | None = None):
    source = source or site.source
    [archive] = source.shelf.list_archives()
    folder.mkdir()
    return unseal(source.shelf.path_of(archive), folder, [source.keys.server()])


def copying_to(folder: Path, site: Installation) -> Source:
    settings = site.settings
    return replace(site.source, settings=settings.replace(backup=replace(settings.backup, copy_folder=folder)))


def test_the_archive_says_what_it_holds(site, tmp_path):
    make_backup(site.source)
    manifest = opened(site, tmp_path / "opened")
    assert manifest.counts == site.counts()
    assert manifest.counts["media_blob"] == 1
    assert [part.name for part in manifest.parts] == ["database.dump", "settings.env"]
    assert (tmp_path / "opened" / "settings.env").read_text() == "SITE_URL='https://example.org'\n"


def test_nobody_else_can_read_it_and_nothing_in_it_shows(site):
    archive = make_backup(site.source)
    path = site.source.shelf.path_of(archive)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(site.source.keys.server_file.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"manifest" not in path.read_bytes()
    assert left_in(path.parent) == {archive.name}


def test_the_recovery_key_opens_it_too_and_is_not_stored(site):
    private = site.source.keys.make_recovery()
    path = site.source.shelf.path_of(make_backup(site.source))
    assert pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(private)])
    assert not [file for file in site.folder.rglob("*") if file.is_file() and private.encode() in file.read_bytes()]


def test_secrets_come_along_the_recovery_key_apart(site, tmp_path):
    site.source.keys.make_recovery()
    secret = tmp_path / "db_uri"
    secret.write_text("postgresql://secret@/x\n")
    source = replace(site.source, environment={"DB_URI_FILE": str(secret), "UNKNOWN": "x", "PATH": "/bin"})
    (site.folder / "secrets" / "flask_key").write_text("generated")
    make_backup(source)
    opened(site, tmp_path / "opened", source)
    assert (tmp_path / "opened" / "secrets" / "DB_URI").read_text() == "postgresql://secret@/x\n"
    assert (tmp_path / "opened" / "secrets" / "FLASK_KEY").read_text() == "generated"
    assert (tmp_path / "opened" / "settings.env").read_text() == ""


def test_what_is_true_of_this_host_alone_stays_here(site, tmp_path):
    environment = {
        "DATA_DIR": str(site.folder),
        "DB_URI": f"postgresql://homeport@/homeport?host={site.folder}/socket",
        "MAIL_FROM": "it's@example.org",
    }
    make_backup(replace(site.source, environment=environment))
    opened(site, tmp_path / "opened")
    assert dotenv_values(tmp_path / "opened" / "settings.env") == {"MAIL_FROM": "it's@example.org"}


def test_folders_come_along_with_links_and_databases_but_without_logs(site, tmp_path):
    proxy = tmp_path / "npm_data"
    (proxy / "logs").mkdir(parents=True)
    (proxy / "logs" / "access.log").write_text("much")
    (proxy / "live").symlink_to("archive/1")
    with sqlite3.connect(proxy / "database.sqlite") as connection:
        connection.execute("create table host (name text)")
        connection.execute("insert into host values ('example.org')")
    connection.close()
    settings = site.settings
    settings = settings.replace(backup=replace(settings.backup, include=(proxy, tmp_path / "missing")))
    make_backup(replace(site.source, settings=settings))
    opened(site, tmp_path / "opened")
    with tarfile.open(tmp_path / "opened" / "folders" / "npm_data.tar") as tar:
        assert set(tar.getnames()) == {"live", "database.sqlite"}
        assert tar.getmember("live").linkname == "archive/1"
        tar.extract("database.sqlite", tmp_path / "out", filter="data")
    with sqlite3.connect(tmp_path / "out" / "database.sqlite") as connection:
        assert connection.execute("select name from host").fetchall() == [("example.org",)]
    connection.close()


def test_the_edges_declaration_comes_along(site, tmp_path):
    declared = tmp_path / "declared.toml"
    declared.write_text("[site]\n")
    source = replace(site.source, environment={"EDGE_FILE": str(declared)})
    make_backup(source)
    opened(site, tmp_path / "opened", source)
    assert (tmp_path / "opened" / "edge.toml").read_text() == "[site]\n"


def test_a_declaration_that_cannot_be_read_is_told_by_its_setting(site):
    source = replace(site.source, environment={"EDGE_FILE": "/nowhere/edge.toml"})
    with pytest.raises(InvalidError, match=r"^EDGE_FILE: cannot read /nowhere/edge\.toml"):
        make_backup(source)


def test_what_is_written_meanwhile_is_counted_as_it_was_dumped(site, tmp_path, monkeypatch):
    before = site.counts()
    dump = programs.dump

    def write_and_dump(*arguments, **options):
        site.do("insert into job (kind, payload) values ('late', '{}')")
        dump(*arguments, **options)

    monkeypatch.setattr(programs, "dump", write_and_dump)
    make_backup(site.source)
    assert opened(site, tmp_path / "opened").counts == before != site.counts()


def test_an_empty_database_is_no_site(empty):
    with pytest.raises(BackupFailedError, match="there is no site in the database"):
        make_backup(empty.source)
    assert left_in(empty.settings.backup.folder) == set()


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(site, monkeypatch):
    make_backup(site.source)
    before = left_in(site.settings.backup.folder)
    real = making.seal

    def fill(target, *arguments):
        with Path("/dev/full").open("wb", buffering=0) as full:
            real(full, *arguments)

    monkeypatch.setattr(making, "seal", fill)
    with pytest.raises(BackupFailedError, match="there is no room for the archive in"):
        make_backup(site.source)
    assert left_in(site.settings.backup.folder) == before


def test_two_at_once_do_not_mix(site):
    with site.source.shelf.held(), pytest.raises(ConflictError, match="another backup, proof or restore works in"):
        make_backup(site.source)


def test_a_missing_program_is_told_in_a_sentence(site, monkeypatch):
    monkeypatch.setattr(programs, "_bundled", lambda _: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupFailedError, match="pg_dump is not installed"):
        make_backup(site.source)


def test_a_program_that_is_too_old_is_told_in_a_sentence(site, monkeypatch, tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9'\n")
    old.chmod(0o755)
    monkeypatch.setattr(programs, "_bundled", lambda _: old)
    with pytest.raises(BackupFailedError, match=r"is version 14, and the server is PostgreSQL 1\d"):
        make_backup(site.source)


def test_a_database_that_is_away_is_told_in_a_sentence(site, tmp_path):
    source = replace(site.source, uri=f"postgresql+psycopg2://nobody@/nothing?host={tmp_path}")
    with pytest.raises(UnavailableError, match="the database does not answer"):
        make_backup(source)


def test_each_archive_is_copied_and_the_copies_survive_the_loss_of_the_first_folder(site, tmp_path):
    settings = site.settings
    source = replace(
        site.source, settings=settings.replace(backup=replace(settings.backup, copy_folder=tmp_path / "b"))
    )
    first = make_backup(source)
    assert (tmp_path / "b" / first.name).read_bytes() == source.shelf.path_of(first).read_bytes()
    source.shelf.path_of(first).unlink()
    catalogue = tmp_path / "b" / "catalogue.json"
    # As if it were of a month ago, so that the rule keeps both.
    catalogue.write_text(json.dumps([{**json.loads(catalogue.read_text())[0], "made_at": "2020-01-01T00:00:00+00:00"}]))
    second = make_backup(source)
    assert left_in(tmp_path / "b") == {first.name, second.name}


def test_a_copy_that_cannot_be_made_does_not_take_the_archive_away(site, tmp_path):
    (tmp_path / "file").touch()
    source = copying_to(tmp_path / "file" / "folder", site)
    with pytest.raises(UnavailableError, match="cannot be used for archives"):
        make_backup(source)
    assert len(site.source.shelf.list_archives()) == 1


def test_each_archive_is_copied_into_the_bucket_and_one_that_refuses_takes_nothing_away(site):
    with fake_bucket() as service:
        settings = site.settings
        backup = replace(settings.backup, bucket=service.settings())
        source = replace(site.source, settings=settings.replace(backup=backup))
        first = make_backup(source)
        path = source.shelf.path_of(first)
        assert service.objects[PREFIX + first.name] == path.read_bytes()
        assert source.shelf.last().copy_made_at == first.made_at
        service.refusal = (403, "AccessDenied")
        with pytest.raises(BackupFailedError, match="AccessDenied"):
            make_backup(source)
        [second] = source.shelf.list_archives()
        assert (second.made_at > first.made_at, second.copied_at) == (True, None)


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from homeport.ops.backup import making, programs
    from tests.factories.backups import Installation

    def stop(*_, **__):
        print("here", flush=True)
        signal.pause()

    module, name = sys.argv[3].split(".")
    setattr({"making": making, "programs": programs, "os": os}[module], name, stop)
    making.make_backup(Installation(sys.argv[1], Path(sys.argv[2])).source)
    """


@pytest.mark.parametrize("moment", ["programs.dump", "making.seal", "making.describe_part", "os.fsync"])
def test_a_kill_leaves_the_archives_as_they_were(site, moment):
    make_backup(site.source)
    before = site.source.shelf.list_archives()
    program = textwrap.dedent(KILLED)
    arguments = [sys.executable, "-c", program, site.uri, str(site.folder), moment]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"here\n"
        os.kill(killed.pid, signal.SIGKILL)
    assert site.source.shelf.list_archives() == before
    made = make_backup(site.source)
    assert made in site.source.shelf.list_archives()
    assert left_in(site.settings.backup.folder) == {archive.name for archive in site.source.shelf.list_archives()}


def test_the_dump_ends_with_whoever_asked_for_it(site, tmp_path, monkeypatch):
    slow = tmp_path / "pg_dump"
    note = tmp_path / "number"
    version = '[ "$1" = --version ] && echo 18.0 && exit'
    slow.write_text(f"#!/bin/sh\n{version}\necho $$ > {note}.new && mv {note}.new {note}\nexec sleep 60\n")
    slow.chmod(0o755)
    program = f"""
        from pathlib import Path
        from homeport.ops.backup import programs
        programs._bundled = lambda name: Path({str(slow)!r})
        programs.dump({site.uri!r}, Path({str(tmp_path)!r}), snapshot="x", server_major=15)
        """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)]) as asking:
        assert process.wait_until(note.exists, 30)
        dumping = process.ProcessId.of(int(note.read_text()))
        assert dumping is not None
        asking.kill()
    assert dumping.wait(10)


def test_the_servers_key_is_made_once(site):
    first = str(site.source.keys.server())
    assert str(read_identity(site.source.keys.server_file)) == first == str(site.source.keys.server())
