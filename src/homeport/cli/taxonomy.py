"""Commands about tags and series: what they are called, what is said about them, which are one."""

import dataclasses
import json
from collections.abc import Sequence

import click

from homeport.blog.queries import list_series, list_tags
from homeport.blog.rows import SeriesCard, TagCard
from homeport.blog.taxonomy import describe_series, describe_tag, merge_tags, rename_tag
from homeport.cli.database import open_database
from homeport.cli.tables import print_table


@click.group(epilog="Example:  homeport tag merge js javascript")
def tag() -> None:
    """Rename, merge and describe tags."""


@tag.command("list", epilog="Example:  homeport tag list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_tags_(*, as_json: bool) -> None:
    """List the tags that readers see, with how many posts each has."""
    with open_database() as database, database.reader() as connection:
        _print_cards(list_tags(connection), as_json=as_json)


@tag.command(epilog="Example:  homeport tag rename js javascript --title JavaScript")
@click.argument("slug")
@click.argument("new_slug", metavar="NEW")
@click.option("--title", help="What readers see; the former title stays if it is not given.")
def rename(slug: str, new_slug: str, title: str | None) -> None:
    """Give the tag SLUG the slug NEW; the old address and its feeds lead on."""
    with open_database() as database, database.transaction() as session:
        renamed = rename_tag(session, slug, new_slug, title)
        click.echo(f"{renamed.title} is at /tags/{renamed.slug}")


@tag.command(epilog="Example:  homeport tag merge js javascript")
@click.argument("slug")
@click.argument("into")
def merge(slug: str, into: str) -> None:
    """Let every post of the tag SLUG carry the tag INTO instead; the old address and its feeds lead on."""
    with open_database() as database, database.transaction() as session:
        merged = merge_tags(session, slug, into)
        click.echo(f"{slug} is part of {merged.title} now, at /tags/{merged.slug}")


@tag.command(epilog="Example:  homeport tag describe javascript --text 'Everything that runs in a browser.'")
@click.argument("slug")
@click.option("--title", help="What readers see.")
@click.option("--text", help="What is said about it on its page.")
def describe(slug: str, title: str | None, text: str | None) -> None:
    """Say what the tag SLUG is called or what it is about."""
    with open_database() as database, database.transaction() as session:
        described = describe_tag(session, slug, title=title, description=text)
        click.echo(f"{described.title}: {described.description}")


@click.group(epilog="Example:  homeport series describe building-it --title 'Building it'")
def series() -> None:
    """Describe series."""


@series.command("list", epilog="Example:  homeport series list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_series_(*, as_json: bool) -> None:
    """List the series that readers see, with how many posts each has."""
    with open_database() as database, database.reader() as connection:
        _print_cards(list_series(connection), as_json=as_json)


@series.command("describe", epilog="Example:  homeport series describe building-it --text 'A house, step by step.'")
@click.argument("slug")
@click.option("--title", help="What readers see.")
@click.option("--text", help="What is said about it on its page.")
def describe_series_(slug: str, title: str | None, text: str | None) -> None:
    """Say what the series SLUG is called or what it is about."""
    with open_database() as database, database.transaction() as session:
        described = describe_series(session, slug, title=title, description=text)
        click.echo(f"{described.title}: {described.description}")


def _print_cards(cards: Sequence[TagCard | SeriesCard], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(card) for card in cards], ensure_ascii=False, indent=2))
        return
    print_table(("Slug", "Posts", "Title"), [(card.slug, str(card.count), card.title) for card in cards])
