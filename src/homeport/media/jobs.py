"""The jobs that media leave behind; done again, they find their work done."""

from homeport.db.session import Database
from homeport.jobs.registry import Payload
from homeport.media.actions import request_missing_variants
from homeport.media.cachefolder import media_cache
from homeport.settings import Settings


def make_variants(database: Database, settings: Settings, payload: Payload) -> None:
    """Make the smaller and better packed forms of one picture; pages that show it follow."""
    # The site's start does not wait for what makes pictures smaller.
    from homeport.media.making import make_and_store  # noqa: PLC0415

    make_and_store(database, settings, payload["media_id"])


def make_missing_variants(database: Database, settings: Settings, _payload: Payload) -> None:
    """Ask for the forms of every picture that has none yet, and sweep the workshop."""
    from homeport.media.workshop import remove_leftovers  # noqa: PLC0415 - see above

    remove_leftovers(media_cache(settings.paths).folder)
    with database.transaction() as session:
        request_missing_variants(session)


def forget_copies(_database: Database, settings: Settings, payload: Payload) -> None:
    """Remove what the cache has of a file that was deleted."""
    media_cache(settings.paths).forget(payload["hash"])
