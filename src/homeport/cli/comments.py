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
@click.argument("mail")
def export(mail: str) -> None:
    """Print as JSON everything that is kept of the person with the mail address MAIL."""
    with open_database() as database, database.reader() as connection:
        kept = export_person(connection, mail)
    click.echo(json.dumps({"mail": mail, "comments": kept}, ensure_ascii=False, indent=2))


@comments.command(epilog="Example:  homeport comments erase grace@example.org --yes")
@click.argument("mail")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(mail: str, *, yes: bool) -> None:
    """Erase all comments of the person with the mail address MAIL, for good; answers of others stay."""
    if not yes:
        click.confirm(f"Erase everything of {mail}?", abort=True)
    with open_database() as database, database.transaction() as session:
        erased = erase_person(session, mail)
        note(session, COMMAND_LINE, "comment.person_erased", comments=erased)
    click.echo(f"{erased} {'comment' if erased == 1 else 'comments'} erased.")
