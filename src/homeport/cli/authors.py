"""Commands about the names over posts: who they are, whether they sign in here or were imported."""

import dataclasses
import json

import click

from homeport.accounts.actions import describe_author
from homeport.accounts.queries import list_authors
from homeport.cli.database import open_database
from homeport.cli.tables import print_table


@click.group(epilog="Example:  homeport author describe ada --bio 'Writes about engines.'")
def author() -> None:
    """Who writes here, as readers see them."""


@author.command("list", epilog="Example:  homeport author list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(*, as_json: bool) -> None:
    """List everybody who has written here, imported authors included."""
    with open_database() as database, database.reader() as connection:
        authors = list_authors(connection)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(one) for one in authors], ensure_ascii=False, indent=2))
        return
    print_table(("Slug", "Name", "Signs in as"), [(one.slug, one.name, one.account or "") for one in authors])


@author.command(epilog="Example:  homeport author describe ada --name 'Ada Lovelace' --url https://ada.example")
@click.argument("slug")
@click.option("--name", help="What readers see.")
@click.option("--bio", help="A sentence or two on the author's page.")
@click.option("--url", help="Their own page, here or elsewhere.")
@click.option("--image", "image_path", help="A picture: a path of this site or an address.")
def describe(slug: str, name: str | None, bio: str | None, url: str | None, image_path: str | None) -> None:
    """Say who the author SLUG is."""
    with open_database() as database, database.transaction() as session:
        described = describe_author(session, slug, name=name, bio=bio, url=url, image_path=image_path)
        click.echo(f"{described.name} is at /authors/{described.slug}")
