"""What is asked of a bucket is signed as it goes over the wire, and what it refuses is told with the remedy."""

from dataclasses import replace

import pytest

from homeport.errors import InvalidError
from homeport.ops.backup.bucket import store
from homeport.ops.backup.bucket.answers import Listed
from homeport.ops.backup.bucket.store import Bucket, bucket_of
from homeport.ops.backup.errors import BackupFailedError
from tests.factories.buckets import PREFIX, SECRET


def test_what_is_put_there_is_listed_page_after_page_and_comes_back(service, bucket, tmp_path):
    sent, back = tmp_path / "sent", tmp_path / "back"
    sent.write_bytes(bytes(range(256)) * 1000)
    bucket.put_file("a b+ü.age", sent)
    for name in ("b", "c", "d", "e"):
        bucket.put(name, name.encode())
    service.objects["of/others"] = b"x"
    listed = list(bucket.list())
    assert listed == [Listed("a b+ü.age", 256_000), *(Listed(name, 1) for name in "bcde")]
    bucket.get_file(listed[0], back)
    assert back.read_bytes() == sent.read_bytes() == service.objects[f"{PREFIX}a b+ü.age"]


def test_what_is_not_there_is_none_and_what_is_deleted_is_gone(service, bucket):
    bucket.put("a", b"here")
    assert (bucket.get("a"), bucket.get("b")) == (b"here", None)
    bucket.delete("a")
    assert service.objects == {}


@pytest.mark.parametrize(
    ("refusal", "remedy"),
    [
        ((403, "AccessDenied"), "needs to list, read, write and delete"),
        ((301, "PermanentRedirect"), "another region"),
        ((403, "RequestTimeTooSkewed"), "clock of this server"),
        ((404, "NoSuchBucket"), "Make the bucket"),
        ((500, "InternalError"), "settings that begin with BACKUP_BUCKET_"),
    ],
)
def test_a_refusal_is_told_in_its_words_and_with_the_remedy(service, bucket, refusal, remedy):
    service.refusal = refusal
    with pytest.raises(BackupFailedError, match=rf"s3://archives-of-tests/site/ refuses \({refusal[1]}: No") as told:
        list(bucket.list())
    assert remedy in told.value.hint


def test_a_wrong_secret_is_told(service):
    with pytest.raises(BackupFailedError, match="SignatureDoesNotMatch") as told:
        Bucket(service.settings(), "another").put("a", b"")
    assert "BACKUP_BUCKET_KEY_ID" in told.value.hint


def test_the_private_network_is_asked_only_on_demand(service):
    with pytest.raises(BackupFailedError, match="is not asked") as told:
        list(Bucket(service.settings(is_private=False), SECRET).list())
    assert "BACKUP_BUCKET_PRIVATE=on" in told.value.hint
    assert service.asked == []


def test_a_service_that_is_away_is_told(service):
    away = Bucket(service.settings(endpoint="http://127.0.0.1:1"), SECRET)
    with pytest.raises(BackupFailedError, match="cannot be asked"):
        away.put("a", b"")


def test_what_is_too_large_for_one_piece_is_refused_before_anything_is_sent(service, bucket, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "LARGEST_BYTES", 3)
    (tmp_path / "large").write_bytes(b"four")
    with pytest.raises(BackupFailedError, match="has 4 bytes, and a bucket takes 3 at once"):
        bucket.put_file("large", tmp_path / "large")
    assert service.asked == []


def test_no_more_and_no_less_comes_back_than_was_listed(service, bucket, tmp_path, monkeypatch):
    bucket.put("a", b"four")
    with pytest.raises(BackupFailedError, match="s3://archives-of-tests/site/a was cut off: 4 of 5 bytes came"):
        bucket.get_file(Listed("a", 5), tmp_path / "short")
    with pytest.raises(BackupFailedError, match="sends more than 3 bytes"):
        bucket.get_file(Listed("a", 3), tmp_path / "long")
    monkeypatch.setattr(store, "LARGEST_BYTES", 3)
    service.asked.clear()
    with pytest.raises(BackupFailedError, match="has 4 bytes, and no more than 3 are fetched"):
        bucket.get_file(Listed("a", 4), tmp_path / "large")
    assert service.asked == []


def test_the_secret_comes_from_the_setting_or_from_its_file_and_shows_nowhere(service, tmp_path):
    settings = replace(service.settings(), secret="")
    with pytest.raises(InvalidError, match="the secret of the key AKIATESTS is not here"):
        bucket_of(settings, tmp_path)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "backup_bucket_secret").write_text(f"{SECRET}\n")
    bucket = bucket_of(settings, tmp_path)
    assert bucket is not None
    assert bucket.secret == SECRET
    assert SECRET not in repr(bucket)
    assert bucket_of(replace(settings, name=""), tmp_path) is None
