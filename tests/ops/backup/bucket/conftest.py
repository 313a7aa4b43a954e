"""A bucket on loopback."""

from collections.abc import Iterator

import pytest

from homeport.ops.backup.bucket.store import Bucket
from tests.factories.buckets import SECRET, FakeBucket, fake_bucket


@pytest.fixture
def service() -> Iterator[FakeBucket]:
    with fake_bucket() as service:
        yield service


@pytest.fixture
def bucket(service: FakeBucket) -> Bucket:
    return Bucket(service.settings(), SECRET)
