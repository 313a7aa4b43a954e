"""Sites in databases of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from homeport.ops.backup.databases import name_of
from tests.factories.backups import Installation, database_with_site, own_database


@pytest.fixture(scope="session")
def written_site(database_uri: str) -> Iterator[str]:
    """The name of a database that the others are copied from."""
    with database_with_site(database_uri) as uri:
        yield name_of(uri)


@pytest.fixture
def site(database_uri: str, written_site: str, tmp_path: Path) -> Iterator[Installation]:
    """A site with posts, a comment and a picture."""
    with own_database(database_uri, written_site) as uri:
        yield Installation(uri, tmp_path / "site")


@pytest.fixture
def empty(database_uri: str, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose database has just been made."""
    with own_database(database_uri) as uri:
        yield Installation(uri, tmp_path / "empty")
