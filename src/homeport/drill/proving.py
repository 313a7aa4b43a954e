"""Restores the newest archive beside the site, starts the application on it, and asks it what a reader would."""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from homeport.app import create_app
from homeport.blog.queries.lists import list_home
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.feeds import atom
from homeport.ops.backup.catalogue import Archive
from homeport.ops.backup.databases import Sibling
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.making import Source
from homeport.ops.backup.restoring import loaded
from homeport.ops.backup.sealing import unseal
from homeport.settings import Settings

CONNECTIONS = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """What was restored, and which pages answered."""

    archive: Archive
    rows: int
    pages: tuple[str, ...]
    proven_at: datetime


def prove_newest(source: Source) -> Proof:
    """Restore the newest archive into a database that is dropped again, and note that it could be done.

    Raises BackupFailedError when it could not, or when there is no archive.
    """
    shelf = source.shelf
    with shelf.held(), shelf.workshop() as workshop:
        archives = shelf.list_archives()
        if not archives:
            raise BackupFailedError(f"there is no archive in {shelf.folder}", hint="Make one: homeport backup")
        described = unseal(shelf.path_of(archives[0]), workshop, [source.keys.server()])
        with loaded(Sibling(source.uri, "drill"), described, workshop) as uri:
            pages = _visit(_settings_at(source.settings, uri, workshop))
        proof = Proof(archives[0], sum(described.counts.values()), pages, datetime.now(UTC))
        shelf.mark_proven(proof.archive, proof.proven_at)
    return proof


def _settings_at(settings: Settings, uri: str, workshop: Path) -> Settings:
    return settings.replace(
        db=dataclasses.replace(settings.db, uri=uri),
        paths=dataclasses.replace(settings.paths, cache=workshop / "cache"),
        secret_key=settings.secret_key or "nothing is signed in a drill",
    )


def _visit(settings: Settings) -> tuple[str, ...]:
    """Ask the application for the pages of readers; raises BackupFailedError for one that is not there."""
    database = Database(settings.db.uri, pool_size=CONNECTIONS)
    try:
        bring_up_to_date(database.engine)
        with database.reader() as connection:
            entries = list_home(connection).entries
        client = create_app(settings, database=database).test_client()
        pages = ("/", f"/{atom.FILE_NAME}", *(entry.path for entry in entries[:1]))
        for page in pages:
            answer = client.get(page)
            if answer.status_code != 200:
                raise BackupFailedError(f"the restored site answers {answer.status_code} for {page}")
            answer.close()
    finally:
        database.dispose()
    return pages
