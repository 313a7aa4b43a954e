"""Commands that keep and forget the token of a site elsewhere."""

import click

from homeport.cli.context import current
from homeport.cli.remote import RemoteSite, site_address
from homeport.cli.tokens import TokenFile


@click.command(epilog="Example:  homeport --site https://example.org login")
def login() -> None:
    """Keep a token for the site that --site names; it is typed when it is asked for, and tried before it is kept.

    Make one in the site's studio under "API tokens", with the scopes to read and to write.
    """
    address = _asked_address()
    token = click.prompt("Token", hide_input=True).strip()
    me = RemoteSite(address, token).ask("GET", "/me").json
    file = TokenFile.of(current().outside)
    file.keep(address, token)
    until = f" until {me['expires_at'][:10]}" if me["expires_at"] else ""
    click.echo(f"{me['site']['title']} knows you as {me['name']}, who may {', '.join(me['scopes'])}{until}.")
    click.echo(f"The token is in {file.path}, which only you can read.")


@click.command(epilog="Example:  homeport --site https://example.org logout")
def logout() -> None:
    """Forget the token of the site that --site names."""
    address = _asked_address()
    TokenFile.of(current().outside).keep(address, "")
    click.echo(f"The token for {address} is forgotten here. At {address}/account/tokens it can be revoked.")


def _asked_address() -> str:
    if not current().site:
        raise click.UsageError("say which site, with --site")
    return site_address(current().site)
