"""Waiting at the terminal for a site that starts in the background, and saying what for when it takes long."""

import time

import click

from homeport.ops.background import Background
from homeport.ops.unreachable import ask

QUIET_SECONDS = 3.0
DATABASE_SECONDS = 30.0
LISTEN_SECONDS = 1.0


def await_site(site: Background, database: str) -> str | int:
    """Return what the site reports, as `Background.wait` does; `database` is the address of a server that is not ours.

    Raises UnreachableError, and ends the site, when that server refuses it or does not come within half a minute.
    """
    news = site.hear(QUIET_SECONDS)
    if news is None and database:
        news = _await_database(site, database)
    return site.wait() if news is None else news


def _await_database(site: Background, address: str) -> str | int | None:
    """Return the site's news, or None once its database is there."""
    deadline = time.monotonic() + DATABASE_SECONDS
    is_told = False
    while fault := ask(address):
        if fault.is_lasting or time.monotonic() > deadline:
            site.end()
            raise fault
        if not is_told:
            click.echo(f"Waiting up to {DATABASE_SECONDS:.0f} seconds: {fault}.")
            is_told = True
        if (news := site.hear(LISTEN_SECONDS)) is not None:
            return news
    return None
