"""A full disk, a missing or old backup, a silent mail server, a proxy that nobody knows: each is found."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from homeport.ops.backup.last import LastBackup
from homeport.ops.doctor import surroundings
from homeport.ops.doctor.findings import NotApplicableError
from homeport.ops.lastbackup import leave_word
from homeport.ops.notes import LOG, LOG_PROOF, write_note
from tests.ops.doctor.conftest import closed_port


def disk(monkeypatch, **changes):
    """Let every disk be a big and empty one but for these values."""
    empty = {"f_frsize": 4096, "f_blocks": 10_000_000, "f_bavail": 9_000_000, "f_files": 1_000_000, "f_favail": 900_000}
    room = type("Room", (), {**empty, **changes})
    monkeypatch.setattr(surroundings.os, "statvfs", lambda _folder: room)


class TestDisk:
    def test_an_empty_one_is_fine(self, world, monkeypatch):
        disk(monkeypatch)
        assert world.look("disk") == []

    def test_one_without_room_is_found(self, world, monkeypatch):
        disk(monkeypatch, f_bavail=1000)
        [finding] = world.look("disk")
        assert "has 3 MiB left of 39,062" in finding.what

    def test_one_without_room_for_files_is_found(self, world, monkeypatch):
        disk(monkeypatch, f_favail=20)
        [finding] = world.look("disk")
        assert "room for 20 more files" in finding.what

    def test_one_that_does_not_count_files_is_fine(self, world, monkeypatch):
        disk(monkeypatch, f_files=0, f_favail=0)
        assert world.look("disk") == []

    def test_two_folders_on_one_disk_are_told_once(self, world, monkeypatch):
        world.patient.settings.paths.cache.mkdir(exist_ok=True)
        disk(monkeypatch, f_bavail=1000)
        assert len(world.look("disk")) == 1

    def test_without_a_folder_there_is_no_disk(self, world, tmp_path):
        world.set("paths", data=tmp_path / "nothing", cache=tmp_path / "nothing")
        with pytest.raises(NotApplicableError):
            world.look("disk")


class TestBackup:
    def test_none_is_found(self, world):
        (world.patient.notes / "backup.json").unlink()
        [finding] = world.look("backup")
        assert finding.what == "there is no backup"

    def test_an_old_one_is_found(self, world):
        now = datetime.now(UTC)
        leave_word(world.patient.notes, LastBackup(now - timedelta(hours=40), now))
        [finding] = world.look("backup")
        assert finding.what == "the newest backup is 40 hours old"

    def test_one_that_nobody_has_restored_is_found(self, world):
        now = datetime.now(UTC)
        leave_word(world.patient.notes, LastBackup(now, None))
        assert world.look("backup")[0].what == "no backup was proven restorable so far"
        leave_word(world.patient.notes, LastBackup(now, now - timedelta(days=9)))
        assert world.look("backup")[0].what.startswith("no backup was proven restorable since 20")

    def test_a_night_that_failed_is_found_with_its_reason(self, world):
        now = datetime.now(UTC)
        leave_word(world.patient.notes, LastBackup(now, now, now, "there is no room for the archive"))
        [finding] = world.look("backup")
        assert finding.what == "the last backup has failed: there is no room for the archive"

    def test_a_log_that_nobody_keeps_any_more_is_found(self, world):
        now = datetime.now(UTC)
        write_note(world.patient.notes, LOG_PROOF, {}, at=now)
        write_note(world.patient.notes, LOG, {}, at=now)
        assert world.look("backup") == []
        write_note(world.patient.notes, LOG, {}, at=now - timedelta(hours=1))
        [finding] = world.look("backup")
        assert finding.what.startswith("the database's log has not been kept since 20")

    def test_a_log_that_no_server_has_started_on_is_found(self, world):
        now = datetime.now(UTC)
        write_note(world.patient.notes, LOG, {}, at=now)
        [finding] = world.look("backup")
        assert finding.what == "no server has started on the database's log so far, to prove it"
        write_note(world.patient.notes, LOG_PROOF, {}, at=now - timedelta(days=4))
        [finding] = world.look("backup")
        assert finding.what.startswith("no server has started on the database's log since 20")


class TestMail:
    def test_a_public_site_without_a_mail_server_is_found(self, world):
        world.set("mail", host="")
        [finding] = world.look("mail")
        assert finding.what == "no mail server is set"

    def test_a_mail_server_that_is_away_is_found(self, world):
        world.set("mail", port=closed_port())
        [finding] = world.look("mail")
        assert "connection refused" in finding.what

    def test_a_mail_server_that_says_nothing_is_found(self, world, monkeypatch):
        monkeypatch.setattr(surroundings, "MAIL_SECONDS", 0.1)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            world.set("mail", port=silent.getsockname()[1])
            assert "timed out" in world.look("mail")[0].what

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_a_mail_server_without_the_encryption_that_is_set_is_found(self, world, security):
        world.set("mail", security=security)
        assert "does not answer as it should" in world.look("mail")[0].what


class TestTrust:
    def test_tls_without_trusted_proxies_is_found(self, world):
        world.change(settings=world.patient.settings.replace(trusted_proxies=()))
        [finding] = world.look("trusted proxies")
        assert finding.what.startswith("TRUSTED_PROXIES is not set")

    @pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "8.0.0.0/8"])
    def test_all_the_world_as_a_proxy_is_found(self, world, network):
        world.change(settings=world.patient.settings.replace(trusted_proxies=("10.9.8.7", network)))
        [finding] = world.look("trusted proxies")
        assert network in finding.what

    def test_a_name_and_private_networks_are_fine(self, world):
        proxies = ("nginx-proxy-manager", "172.16.0.0/12", "203.0.113.9")
        world.change(settings=world.patient.settings.replace(trusted_proxies=proxies))
        assert world.look("trusted proxies") == []
