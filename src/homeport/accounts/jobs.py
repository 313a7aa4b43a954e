"""Forgets once a day what signing in leaves behind: counts, proofs nobody gave, sign-ins and links that are over."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func

from homeport.accounts.challenges import purge_challenges
from homeport.accounts.limits import purge_counts
from homeport.accounts.models import OneTimeLink
from homeport.accounts.signins import purge_sign_ins
from homeport.db.session import Database
from homeport.settings import Settings

LINK_GRACE = timedelta(days=30)
"""How long a link is kept after it has expired, for whoever asks what became of it."""


def purge(database: Database, _settings: Settings, _payload: dict[str, Any]) -> None:
    """Throw away what opens nothing any more."""
    with database.transaction() as session:
        connection = session.connection()
        purge_counts(connection)
        purge_challenges(connection)
        purge_sign_ins(connection)
        connection.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < func.now() - LINK_GRACE))
