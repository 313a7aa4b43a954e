"""Commands about all that is kept of one person who has commented."""

import json

import click

from homeport.accounts.audit import COMMAND_LINE, note
from homeport.cli.database import open_database
from homeport.comments.writers import erase_person, export_person


@click.group(epilog="Example:  homeport comments export grace@example.org")
def comments() -> None:
    """Give somebody everything that is kept of them, or erase it."""


@comments.command(epilog="Example:  homeport comments export grace@example.org > grace.json")
@click.argument("who")
def export(who: str) -> None:
    """Print as JSON everything that is kept of a person: WHO is a mail address, or the id of a comment of theirs."""
    with open_database() as database, database.reader() as connection:
        kept = export_person(connection, who)
    click.echo(json.dumps({"who": who, **kept}, ensure_ascii=False, indent=2))


@comments.command(epilog="Example:  homeport comments erase grace@example.org --yes")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(who: str, *, yes: bool) -> None:
    """Erase everything that is kept of a person, for good; answers of others, sent mails and backups stay.

    WHO is a mail address, or the id of a comment of theirs.
    """
    if not yes:
        click.confirm(f"Erase everything of {who}?", abort=True)
    with open_database() as database, database.transaction() as session:
        erased = erase_person(session, who)
        note(session, COMMAND_LINE, "comment.person_erased", comments=erased)
    click.echo(f"{erased} {'comment' if erased == 1 else 'comments'} erased.")
