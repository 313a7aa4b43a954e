"""Forgets once a day what is kept of visitors only for a while."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, update

from homeport.comments.models import Block, Response, SpamWord, UsedToken
from homeport.db.session import Database
from homeport.settings import Settings

ADDRESS_LIFE = timedelta(days=30)
TOKEN_GRACE = timedelta(days=1)
"""How long a used token is remembered after it has expired: longer than any clock here is wrong."""


def forget(database: Database, _settings: Settings, _payload: dict[str, Any]) -> None:
    """Forget network addresses after 30 days, used tokens soon after they expired, and words without a count."""
    with database.transaction() as session:
        before = func.now() - ADDRESS_LIFE
        session.execute(
            update(Response)
            .where(Response.created_at < before, Response.address_hash.is_not(None))
            .values(address_hash=None)
        )
        session.execute(delete(Block).where(Block.kind == "address", Block.created_at < before))
        session.execute(delete(UsedToken).where(UsedToken.expires_at < func.now() - TOKEN_GRACE))
        session.execute(delete(SpamWord).where(SpamWord.spam == 0, SpamWord.ham == 0))
