"""Commands about who may sign in."""

import dataclasses
import json
import sys

import click

from homeport.accounts.actions import create_account, reset_password
from homeport.accounts.models import ROLES
from homeport.accounts.queries import list_accounts
from homeport.cli.database import open_database
from homeport.cli.tables import print_table
from homeport.errors import InvalidError


@click.group(epilog="Example:  homeport user add maria --role editor")
def user() -> None:
    """Who may sign in."""


@user.command(epilog="Example:  homeport user add maria --role editor --name 'Maria Silva'")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), help="What they may do; by default owner for the first, then author.")
@click.option("--name", "display_name", default="", help="What readers see; by default the account's name.")
@click.option("--password-stdin", is_flag=True, help="Take the password from the first line of standard input.")
def add(name: str, role: str | None, display_name: str, *, password_stdin: bool) -> None:
    """Let somebody sign in as NAME; an imported author of that name becomes theirs."""
    password = _ask_password(from_stdin=password_stdin)
    with open_database() as database:
        with database.reader() as connection:
            role = role or ("author" if list_accounts(connection) else "owner")
        with database.transaction() as session:
            create_account(session, name, password, role=role, display_name=display_name)
    click.echo(f"{name} may sign in as {role}.")


@user.command("list", epilog="Example:  homeport user list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(*, as_json: bool) -> None:
    """List who may sign in, the oldest account first."""
    with open_database() as database, database.reader() as connection:
        accounts = list_accounts(connection)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(account) for account in accounts], default=str, indent=2))
        return
    rows = [(one.name, one.role, one.display_name, f"{one.created_at:%Y-%m-%d}") for one in accounts]
    print_table(("Name", "Role", "Readers see", "Since"), rows)


@user.command(epilog="Example:  pwgen 20 1 | homeport user reset maria --password-stdin")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Take the password from the first line of standard input.")
def reset(name: str, *, password_stdin: bool) -> None:
    """Give NAME a new password; the old one opens nothing any more."""
    password = _ask_password(from_stdin=password_stdin)
    with open_database() as database, database.transaction() as session:
        reset_password(session, name, password)
    click.echo(f"{name} has a new password.")


def _ask_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InvalidError("there is no terminal to ask for the password on", hint="Give it with --password-stdin.")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return answer
