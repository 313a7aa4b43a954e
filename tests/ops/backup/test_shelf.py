"""The folder of archives deletes only what was written to it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from homeport.errors import UnavailableError
from homeport.ops.backup.catalogue import Archive
from homeport.ops.backup.shelf import Shelf

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "backups")
    shelf.folder.mkdir()
    return shelf


def put(shelf: Shelf, made_at: datetime) -> Archive:
    unfinished = shelf.folder / "new"
    unfinished.write_bytes(b"sealed")
    archive = Archive(shelf.new_name(made_at), made_at, 6)
    shelf.take_in(unfinished, archive)
    return archive


def test_the_newest_comes_first(shelf):
    old, new = put(shelf, NOON - timedelta(days=1)), put(shelf, NOON)
    assert shelf.list_archives() == (new, old)


def test_two_of_one_second_have_names_of_their_own(shelf):
    assert put(shelf, NOON).name == "homeport-20260615T120000Z.age"
    assert put(shelf, NOON).name == "homeport-20260615T120000Z-2.age"


def test_the_rule_deletes_files_too(shelf):
    for day in range(10):
        put(shelf, NOON - timedelta(days=day))
    shelf.keep_by_rule()
    # Seven days, and the last day of a week before them.
    assert len(shelf.list_archives()) == 8
    assert len(list(shelf.folder.glob("*.age"))) == 8


def test_what_was_not_written_here_is_never_deleted(shelf):
    stranger = shelf.folder / "homeport-20200101T000000Z.age"
    stranger.write_bytes(b"of another site")
    for day in range(10):
        put(shelf, NOON - timedelta(days=day))
    shelf.keep_by_rule()
    assert shelf.list_strangers() == (stranger,)


def test_a_file_that_was_exchanged_under_its_name_is_a_stranger(shelf):
    for day in range(10):
        put(shelf, NOON - timedelta(days=day))
    oldest = shelf.path_of(shelf.list_archives()[-1])
    oldest.write_bytes(b"something else")
    shelf.keep_by_rule()
    assert shelf.list_strangers() == (oldest,)


@pytest.mark.parametrize("text", ["", "[", "{}", '[{"name": "../x.age"}]', "[1]", '[{"name": 1}]'])
def test_a_damaged_catalogue_makes_strangers_and_no_losses(shelf, text):
    archive = put(shelf, NOON)
    (shelf.folder / "catalogue.json").write_text(text)
    shelf.keep_by_rule()
    assert shelf.list_archives() == ()
    assert shelf.list_strangers() == (shelf.path_of(archive),)


def test_a_name_that_leads_elsewhere_is_not_followed(shelf, tmp_path):
    victim = tmp_path / "victim.age"
    victim.write_bytes(b"sealed")
    put(shelf, NOON)
    catalogue = shelf.folder / "catalogue.json"
    catalogue.write_text(catalogue.read_text().replace("homeport-20260615T120000Z.age", "../victim.age"))
    assert shelf.list_archives() == ()


def test_a_proof_is_noted_at_its_archive(shelf):
    old, new = put(shelf, NOON - timedelta(days=1)), put(shelf, NOON)
    shelf.mark_proven(old, NOON)
    assert [archive.proven_at for archive in shelf.list_archives()] == [None, NOON]
    assert shelf.last().proven_at == NOON
    assert shelf.last().made_at == new.made_at


def test_what_was_left_unfinished_is_swept(shelf):
    (shelf.folder / ".unfinished-x").mkdir()
    (shelf.folder / ".unfinished-x" / "database.dump").touch()
    with shelf.held():
        assert not list(shelf.folder.glob(".unfinished-*"))


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match="cannot be used for archives"), Shelf(tmp_path / "file" / "x").held():
        pass
