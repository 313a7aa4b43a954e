"""Commands about who may sign in."""

import dataclasses
import json
import sys

import click
from sqlalchemy.orm import Session

from homeport.accounts.actions import create_account, reset_password
from homeport.accounts.audit import COMMAND_LINE, note
from homeport.accounts.links import HOUR
from homeport.accounts.models import ROLES
from homeport.accounts.notices import tell_by_mail
from homeport.accounts.people import (
    change_role,
    disable_account,
    enable_account,
    forget_codes,
    invite,
    make_reset_link,
)
from homeport.accounts.queries import list_accounts
from homeport.accounts.setup import make_setup_link
from homeport.cli.context import current
from homeport.cli.database import open_database
from homeport.cli.tables import print_table
from homeport.errors import InvalidError
from homeport.ops.tenancy import find_tenant
from homeport.site.actions import site_of


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
            note(session, COMMAND_LINE, "account.create", name, role=role)
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
    rows = [
        (one.name, one.role, one.display_name, f"{one.created_at:%Y-%m-%d}", "" if one.is_active else "switched off")
        for one in accounts
    ]
    print_table(("Name", "Role", "Readers see", "Since", ""), rows)


@user.command(epilog="Example:  homeport user reset maria --link")
@click.argument("name")
@click.option("--link", "as_link", is_flag=True, help="Print a link to choose a password with: one hour, one use.")
@click.option("--without-codes", is_flag=True, help="Also switch their one-time codes off, for a lost phone.")
@click.option("--password-stdin", is_flag=True, help="Take the password from the first line of standard input.")
def reset(name: str, *, as_link: bool, without_codes: bool, password_stdin: bool) -> None:
    """Give NAME a new password; the old one opens nothing any more, and whoever used it is signed out."""
    password = "" if as_link else _ask_password(from_stdin=password_stdin)
    with open_database() as database, database.transaction() as session:
        if without_codes:
            forget_codes(session, name)
            note(session, COMMAND_LINE, "codes.off", name)
        if as_link:
            path, address = make_reset_link(session, name), site_address(session)
        else:
            reset_password(session, name, password)
        note(session, COMMAND_LINE, "password.link" if as_link else "password.reset", name)
    click.echo(f"{address}{path}" if as_link else f"{name} has a new password.")


@user.command(epilog="Example:  homeport user role maria editor")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def role(name: str, role: str) -> None:
    """Let NAME do what ROLE may do, from the next request on."""
    with open_database() as database, database.transaction() as session:
        before = change_role(session, name, role)
        if before != role:
            note(session, COMMAND_LINE, "account.role", name, now=role)
    click.echo(f"{name} is {role} now." if before != role else f"{name} is {role} already.")


@user.command(epilog="Example:  homeport user disable maria")
@click.argument("name")
def disable(name: str) -> None:
    """Let nobody sign in as NAME any more, and sign them out; what they wrote stays."""
    with open_database() as database, database.transaction() as session:
        is_new = disable_account(session, name)
        if is_new:
            note(session, COMMAND_LINE, "account.disable", name)
    click.echo(f"{name} is switched off." if is_new else f"{name} is switched off already.")


@user.command(epilog="Example:  homeport user enable maria")
@click.argument("name")
def enable(name: str) -> None:
    """Let NAME sign in again."""
    with open_database() as database, database.transaction() as session:
        is_new = enable_account(session, name)
        if is_new:
            note(session, COMMAND_LINE, "account.enable", name)
    click.echo(f"{name} may sign in again." if is_new else f"{name} may sign in already.")


@user.command(epilog="Example:  homeport user mail maria maria@example.org")
@click.argument("name")
@click.argument("address")
def mail(name: str, address: str) -> None:
    """Tell NAME about comments at ADDRESS, and send a first letter there; '' tells them in the studio only."""
    settings = current().settings
    with open_database() as database, database.transaction() as session:
        is_sent = tell_by_mail(session, settings, name, address, site_address=site_address(session))
        note(session, COMMAND_LINE, "mail.change", name)
    if address:
        sent = "A first letter is on its way." if is_sent else "Nothing is sent before SMTP_HOST is set."
        click.echo(f"{name} is told at {address}. {sent}")
    else:
        click.echo(f"{name} is told in the studio only.")


@user.command("invite", epilog="Example:  homeport user invite --role editor --note Maria")
@click.option("--role", type=click.Choice(ROLES), default="author", show_default=True, help="What they may do.")
@click.option("--note", "about", default="", help="Who it is for, to tell invitations apart.")
def invite_(role: str, about: str) -> None:
    """Print a link that lets its holder join: a week, one use."""
    with open_database() as database, database.transaction() as session:
        path, address = invite(session, role, about), site_address(session)
        note(session, COMMAND_LINE, "invitation.create", about, role=role)
    click.echo(f"{address}{path}")


@click.command("setup-link", epilog="Example:  homeport setup-link")
def setup_link() -> None:
    """Print a link that sets up a site nobody owns yet: one hour, one use; former ones open nothing any more."""
    with open_database() as database, database.transaction() as session:
        path, address = make_setup_link(session, life=HOUR), site_address(session)
        note(session, COMMAND_LINE, "site.setup-link")
    click.echo(f"{address}{path}")


def site_address(session: Session) -> str:
    """Return where the site can be opened: as set, as it runs here, as stored, or as it would run here."""
    settings = current().settings
    tenant = find_tenant(current().folder)
    running = tenant.address.rstrip("/") if tenant is not None else ""
    return settings.site_url or running or site_of(session).address or f"http://localhost:{settings.server.port}"


def _ask_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InvalidError("there is no terminal to ask for the password on", hint="Give it with --password-stdin.")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return answer
