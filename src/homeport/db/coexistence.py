"""Whether the release that runs could live with the migrations of this one: asked before a deploy begins."""

from pathlib import Path

from sqlalchemy import Connection

from homeport.db.schema import EMPTY, current_revision
from homeport.errors import ConflictError
from homeport.releases import is_newer


class IncompatibleMigrationError(ConflictError):
    """A migration would end the release that runs, and the way back to it."""


def refuse_incompatible(connection: Connection, running: str) -> None:
    """Raise IncompatibleMigrationError when a migration that is still to come needs more than the running release."""
    # Alembic costs a quarter of a second to load.
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - readers never need it

    scripts = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    current = current_revision(connection) or EMPTY
    known = {script.revision for script in scripts.walk_revisions()}
    if current != EMPTY and current not in known:
        # The new image is the older one: what it thinks of the schema it says itself when it starts.
        return
    for script in scripts.iterate_revisions("heads", current):
        oldest = script.module.OLDEST_RELEASE
        if is_newer(oldest, than=running):
            raise IncompatibleMigrationError(
                f"migration {script.revision} needs Homeport {oldest} or newer beside it, and {running} runs",
                hint=f"Deploy Homeport {oldest} first, then this one.",
            )
