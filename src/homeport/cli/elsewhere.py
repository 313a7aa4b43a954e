"""Looking at a site elsewhere: what there is, and one text of it."""

import json
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from homeport.cli.context import Installation
from homeport.cli.remote import RemoteSite
from homeport.cli.tables import day_of, print_table


def list_elsewhere(installation: Installation, state: str | None, tag: str | None, *, as_json: bool) -> None:
    """List the entries of the site that the command is about, what was changed last first."""
    site = RemoteSite.of(installation)
    wanted = {name: value for name, value in (("state", state), ("tag", tag)) if value}
    entries: list[dict[str, Any]] = []
    after = ""
    while True:
        page = site.ask("GET", "/entries", query={**wanted, "limit": "100", **({"after": after} if after else {})}).json
        entries += page["entries"]
        after = page["next"]
        if not after:
            break
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False, indent=2))
        return
    zone = ZoneInfo(site.ask("GET", "/me").json["site"]["time_zone"])
    rows = [(each["slug"], each["state"], day_of(_moment(each), zone), each["title"]) for each in entries]
    print_table(("Slug", "State", "Date", "Title"), rows)


def _moment(entry: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(entry["published_at"]) if entry["published_at"] else None


def show_elsewhere(installation: Installation, slug: str, *, as_json: bool) -> None:
    """Print a text of the site that the command is about, front matter included."""
    site = RemoteSite.of(installation)
    if as_json:
        click.echo(json.dumps(site.ask("GET", f"/entries/{slug}").json, ensure_ascii=False, indent=2))
    else:
        sys.stdout.buffer.write(site.ask("GET", f"/entries/{slug}/markdown").data)
