"""Copies in a bucket: whole, kept by the rule, nobody else's touched."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from homeport.ops.backup.bucket.copying import bring_back, copy_to_bucket, list_copies
from homeport.ops.backup.catalogue import Archive
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.shelf import Shelf
from tests.factories.buckets import PREFIX

NOW = datetime(2026, 6, 15, 3, tzinfo=UTC)


def put_on(shelf: Shelf, made_at: datetime, content: bytes = b"sealed") -> Archive:
    name = shelf.new_name(made_at)
    with shelf.workshop() as workshop:
        (workshop / "a").write_bytes(content)
        archive = Archive(name, made_at, len(content))
        shelf.take_in(workshop / "a", archive)
    return archive


@pytest.fixture
def shelf(tmp_path):
    shelf = Shelf(tmp_path / "backups")
    shelf.folder.mkdir()
    return shelf


def test_each_archive_is_copied_once_and_listed_the_newest_first(shelf, service, bucket):
    older = put_on(shelf, NOW - timedelta(days=1), b"older")
    copy_to_bucket(shelf, bucket)
    newer = put_on(shelf, NOW, b"newer")
    copy_to_bucket(shelf, bucket)
    assert list_copies(bucket) == (newer, older)
    assert service.objects[PREFIX + older.name] == b"older"
    assert [asked for asked in service.asked if asked.startswith("PUT") and asked.endswith(older.name)] == [
        f"PUT /archives-of-tests/{PREFIX}{older.name}"
    ]


def test_a_lost_shelf_takes_no_copies_with_it(shelf, service, bucket):
    lost = put_on(shelf, NOW - timedelta(days=1))
    copy_to_bucket(shelf, bucket)
    shelf.path_of(lost).unlink()
    newer = put_on(shelf, NOW)
    copy_to_bucket(shelf, bucket)
    assert [copy.name for copy in list_copies(bucket)] == [newer.name, lost.name]


def test_the_rule_decides_there_and_what_others_have_put_there_stays(shelf, service, bucket):
    stranger = f"{PREFIX}homeport-20200101T000000Z.age"
    service.objects[stranger] = b"of another site"
    days = [put_on(shelf, NOW - timedelta(days=age)) for age in range(12, -1, -1)]
    copy_to_bucket(shelf, bucket)
    kept = {copy.name for copy in list_copies(bucket)}
    assert len(kept) < len(days)
    assert {day.name for day in days[-7:]} <= kept
    assert set(service.objects) == {stranger, f"{PREFIX}catalogue.json"} | {PREFIX + name for name in kept}
    noted = json.loads(service.objects[f"{PREFIX}catalogue.json"])
    assert {entry["name"] for entry in noted} == kept


def test_a_copy_that_was_cut_off_is_made_again(shelf, service, bucket):
    archive = put_on(shelf, NOW, b"whole")
    copy_to_bucket(shelf, bucket)
    service.objects[PREFIX + archive.name] = b"wh"
    copy_to_bucket(shelf, bucket)
    assert service.objects[PREFIX + archive.name] == b"whole"


def test_one_is_brought_back_by_its_name(shelf, bucket, tmp_path):
    archive = put_on(shelf, NOW, b"whole")
    copy_to_bucket(shelf, bucket)
    assert bring_back(bucket, archive.name, tmp_path).read_bytes() == b"whole"
    with pytest.raises(BackupFailedError, match=r"there is no other\.age in s3://"):
        bring_back(bucket, "other.age", tmp_path)


def test_a_bucket_that_refuses_leaves_the_shelf_as_it_is(shelf, service, bucket):
    archive = put_on(shelf, NOW)
    service.refusal = (403, "AccessDenied")
    with pytest.raises(BackupFailedError, match="AccessDenied"):
        copy_to_bucket(shelf, bucket)
    assert shelf.list_archives() == (archive,)
