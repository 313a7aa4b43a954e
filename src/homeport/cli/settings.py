"""Commands about what the author decides for the site as a whole."""

import json
from typing import Any

import click

from homeport.accounts.audit import COMMAND_LINE, note
from homeport.blog.actions import change_site
from homeport.cli.context import current
from homeport.cli.database import open_database
from homeport.cli.tables import print_table
from homeport.errors import InvalidError
from homeport.site.actions import site_of
from homeport.site.models import Site

DESCRIPTIONS = {
    "title": "What the site is called.",
    "tagline": "A line below the title.",
    "address": "Public address, such as https://example.org; while it is empty, links are relative. SITE_URL wins.",
    "language": "Language of the site, such as en or pt-BR.",
    "time_zone": "Time zone of dates and of scheduled posts, such as Europe/Berlin.",
    "permalink_pattern": "Where posts live; made of {year}, {month}, {day} and {slug}. Old addresses lead on.",
    "navigation": "The menu: any number of LABEL=ADDRESS.",
    "author_name": "Who writes here.",
    "author_bio": "A sentence about the author.",
    "author_url": "The author's page, here or elsewhere.",
    "author_image_path": "A picture of the author: a path of this site or an address.",
    "accent": "Colour of links, such as #a03c28; the theme's own when empty.",
    "font": "serif or sans.",
    "icon_path": "The browser's icon for the site: a path of this site; none when empty.",
    "smart_typography": "true: straight quotes and three dots become typographic ones.",
    "raw_html": "true: HTML in posts is not sanitised (the content security policy still holds).",
    "remote_images": "true: posts may show images from other servers.",
    "comments_open": "true: readers may comment.",
    "comment_rule": "What becomes of a new comment: hold, known (writers you have approved before) or show.",
    "comments_close_after_days": "Days after which a post takes no more comments; never when empty.",
}
LIST_SETTING = "navigation"


@click.group(invoke_without_command=True, epilog="Example:  homeport settings set title 'Notes from a hill'")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def settings(context: click.Context, *, as_json: bool) -> None:
    """Show the site's settings, or change one with `set`."""
    if context.invoked_subcommand is None:
        _show(as_json=as_json)


@settings.command("set", epilog="Example:  homeport settings set navigation About=/about Archive=/archive")
@click.argument("name", type=click.Choice(sorted(DESCRIPTIONS)), metavar="NAME")
@click.argument("values", nargs=-1, metavar="[VALUE]...")
def set_(name: str, values: tuple[str, ...]) -> None:
    """Change the setting NAME to VALUE; without a VALUE it becomes empty.

    `homeport settings` shows the names and what they mean.
    """
    with open_database() as database, database.transaction() as session:
        changed = change_site(session, **{name: _value(name, values)})
        if changed:
            note(session, COMMAND_LINE, "settings.change", name)
        value = _as_text(getattr(site_of(session), name))
    click.echo(f"{name}: {value}" if changed else f"{name} is {value!r} already.")
    if name == "address" and current().settings.site_url:
        click.echo(f"SITE_URL is set and wins: {current().settings.site_url}", err=True)


def _show(*, as_json: bool) -> None:
    with open_database() as database, database.transaction() as session:
        values = _values(site_of(session))
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        return
    rows = [(name, _as_text(value), DESCRIPTIONS[name]) for name, value in values.items()]
    print_table(("Setting", "Value", "What it is"), rows)


def _values(site: Site) -> dict[str, Any]:
    return {name: getattr(site, name) for name in DESCRIPTIONS}


def _value(name: str, values: tuple[str, ...]) -> Any:
    if name == LIST_SETTING:
        return [_link(value) for value in values]
    if len(values) > 1:
        raise InvalidError(f"{name} takes one value, not {len(values)}", hint=f"Quote it: '{' '.join(values)}'")
    return values[0] if values else ""


def _link(text: str) -> dict[str, str]:
    label, sign, url = text.partition("=")
    if not sign:
        raise InvalidError(f"{text!r} is not a link of the menu", hint="Write LABEL=ADDRESS, such as About=/about.")
    return {"label": label, "url": url}


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(f"{item['label']}={item['url']}" for item in value)
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
