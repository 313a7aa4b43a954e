"""Where readers find a comment: below its entry, or on the page of its thread, where a conversation is long."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from homeport.comments.models import Response
from homeport.comments.queries.conversation import ANSWERS, THREADS

_top, _any = aliased(Response), aliased(Response)
_first = select(_top.public_id).where(_top.id == Response.parent_id).scalar_subquery()
_some = (
    select(_any.id)
    .where(_any.entry_id == Response.entry_id, _any.state == "shown")
    .limit(THREADS + 1)
    .correlate(Response)
    .subquery("some_shown")
)

THREAD = func.coalesce(_first, Response.public_id)
"""The first comment of a comment's thread, which is its own if it answers nobody."""

# Below an entry stand its newest threads, each with some answers; with fewer comments than that, all of them.
IS_APART = select(func.count()).select_from(_some).scalar_subquery() > case(
    (Response.parent_id.is_(None), THREADS), else_=ANSWERS
)
"""Whether a comment need not be on its entry's page."""
