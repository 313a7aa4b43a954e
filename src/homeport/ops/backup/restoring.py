"""Brings a site back: everything goes into a new database first, which takes the old one's place at the end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pyrage.x25519 import Identity

from homeport import __version__
from homeport.ops.backup import databases, programs
from homeport.ops.backup.databases import Sibling
from homeport.ops.backup.errors import BackupFailedError, OccupiedDatabaseError, OtherReleaseError
from homeport.ops.backup.making import DATABASE, room_in
from homeport.ops.backup.manifest import Manifest
from homeport.ops.backup.placing import Places
from homeport.ops.backup.sealing import unseal
from homeport.ops.backup.shelf import Shelf

Migrate = Callable[[str], None]
"""Brings the schema of the database at an address up to date."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a site is brought back to."""

    uri: str
    shelf: Shelf
    """Whose folder has room to work in."""

    migrate: Migrate
    may_replace: bool = False
    places: Places = field(default_factory=Places)
    """Where the rest of the archive goes."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back."""

    manifest: Manifest
    aside: str
    """The name of the former database; empty when there was nothing in it."""


def restore_backup(archive: Path, target: Target, identities: Sequence[Identity]) -> Restored:
    """Put what is in the archive in the place of what is in the database.

    Whatever is refused or fails changes nothing. Raises UnreadableArchiveError, OtherReleaseError,
    OccupiedDatabaseError and BackupFailedError.
    """
    with target.shelf.held(), room_in(target.shelf.folder), target.shelf.workshop() as workshop:
        described = unseal(archive, workshop, identities)
        described.refuse_if_newer(__version__)
        target.places.refuse_filled()
        databases.refuse_company(target.uri)
        had_content = databases.has_content(target.uri)
        if had_content and not target.may_replace:
            raise OccupiedDatabaseError(
                "there is a site in the database already",
                hint="--replace puts the archive in its place and keeps the old database under another name.",
            )
        sibling = Sibling(target.uri, "incoming")
        with loaded(sibling, described, workshop) as uri:
            target.migrate(uri)
            aside = f"{sibling.of}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"
            with target.places.filled(workshop):
                sibling.replace_original(aside)
        if not had_content:
            sibling.drop(aside)
    return Restored(described, aside if had_content else "")


@contextmanager
def loaded(sibling: Sibling, described: Manifest, workshop: Path) -> Iterator[str]:
    """Make the sibling, load the dump into it, and yield its address once it holds what the manifest says."""
    with sibling.made() as uri:
        with databases.connected(uri) as connection:
            server_major = databases.major_of(connection)
        if described.server_major > server_major:
            raise OtherReleaseError(
                f"the archive was made on PostgreSQL {described.server_major}, and this server is {server_major}",
                hint="A dump goes into the same or a newer version.",
            )
        programs.load(uri, workshop / DATABASE, server_major=server_major)
        with databases.connected(uri) as connection, connection.cursor() as cursor:
            differing = compare_counts(described.counts, databases.count_rows(cursor))
        if differing:
            raise BackupFailedError(f"what was restored is not what was dumped: {'; '.join(differing)}")
        yield uri


def compare_counts(expected: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Say of each table in which the numbers of rows differ how many there are and how many should be."""
    return [
        f"{table} has {found.get(table, 'no')} rows instead of {expected.get(table, 'none')}"
        for table in sorted({*expected, *found})
        if found.get(table) != expected.get(table)
    ]
