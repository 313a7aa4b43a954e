"""Commands about addresses that lead elsewhere."""

import json

import click
from sqlalchemy import select

from homeport.blog.leading import lead_path
from homeport.blog.queries import list_redirects
from homeport.cli.database import open_database
from homeport.cli.tables import print_table
from homeport.errors import NotFoundError
from homeport.site.actions import forget_redirect
from homeport.site.models import Redirect


@click.group(epilog="Example:  homeport redirect add /2019/05/hello.html hello")
def redirect() -> None:
    """Let old addresses lead to where things live now."""


@redirect.command(epilog="Example:  homeport redirect add /old/page https://example.org/elsewhere")
@click.argument("path")
@click.argument("target")
def add(path: str, target: str) -> None:
    """Let PATH lead to TARGET: the slug of an entry, a path of this site, or an address.

    To an entry it leads wherever that will live; to anything else it leads as written.
    """
    with open_database() as database, database.transaction() as session:
        lead_path(session, path, target)
    click.echo(f"{path} leads to {target} now.")


@redirect.command(epilog="Example:  homeport redirect remove /old/page")
@click.argument("path")
def remove(path: str) -> None:
    """Let PATH lead nowhere any more."""
    with open_database() as database, database.transaction() as session:
        if session.scalars(select(Redirect.id).where(Redirect.path == path)).first() is None:
            raise NotFoundError(f"no redirect starts at {path}", hint="`homeport redirect list` shows them all.")
        forget_redirect(session, path)
    click.echo(f"{path} leads nowhere any more.")


@redirect.command("list", epilog="Example:  homeport redirect list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(*, as_json: bool) -> None:
    """List the addresses that lead elsewhere."""
    with open_database() as database, database.reader() as connection:
        found = list_redirects(connection)
    if as_json:
        click.echo(json.dumps([{"path": path, "target": target} for path, target in found], indent=2))
        return
    print_table(("Address", "Leads to"), found)
