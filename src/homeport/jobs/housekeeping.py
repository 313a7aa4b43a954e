"""What the job table needs now and then."""

from homeport.db.session import Database
from homeport.jobs.actions import purge_dead_letters
from homeport.jobs.registry import Payload
from homeport.settings import Settings


def purge(database: Database, _settings: Settings, _payload: Payload) -> None:
    """Throw old dead letters away."""
    with database.transaction() as session:
        purge_dead_letters(session)
