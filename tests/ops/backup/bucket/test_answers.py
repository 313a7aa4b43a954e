"""Lists are read strictly."""

import pytest

from homeport.ops.backup.bucket.answers import Listed, Page, read_page
from homeport.ops.backup.errors import BackupFailedError


def test_a_list_with_and_without_a_name_space_is_read():
    entry = "<Contents><Key>site/a</Key><Size>3</Size></Contents>"
    for root in ("ListBucketResult", 'ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'):
        page = read_page(f"<{root}>{entry}</ListBucketResult>".encode(), "site/")
        assert page == Page((Listed("a", 3),), "")


@pytest.mark.parametrize(
    "data",
    [
        b"<html>",
        b"",
        b"<a><Contents><Key>a</Key><Size>many</Size></Contents></a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ],
)
def test_anything_else_is_told_in_a_sentence(data):
    with pytest.raises(BackupFailedError, match="not that of an S3-compatible service"):
        read_page(data, "")
