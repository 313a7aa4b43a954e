"""Commands for writing, publishing and looking after posts and pages."""

import dataclasses
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from homeport.accounts.audit import COMMAND_LINE
from homeport.blog.actions import (
    LOADS,
    create_entry,
    delete_entry,
    find_entry,
    publish_entry,
    rename_entry,
    unlist_entry,
    unpublish_entry,
    update_entry,
)
from homeport.blog.forms import MOST_TITLE
from homeport.blog.inputs import input_of
from homeport.blog.leading import lead_to_entry
from homeport.blog.models import Entry
from homeport.blog.noting import note_entry, note_state
from homeport.blog.queries.managed import list_all_entries
from homeport.cli.context import current
from homeport.cli.database import open_database
from homeport.cli.editor import edited
from homeport.cli.tables import day_of, print_table
from homeport.errors import ConflictError, InvalidError, NotFoundError
from homeport.exchange.textfiles import as_input, read_text, with_changes
from homeport.ops.commandname import as_typed
from homeport.site.actions import site_of
from homeport.site.queries import load_site

LISTED_STATES = ("draft", "scheduled", "published", "unlisted")
UNNAMED = "new.md"
EDIT_REASON = "edited on the command line"


class EditedElsewhereError(ConflictError):
    """Somebody else changed the text while it was open in an editor."""


@click.command(epilog="Example:  homeport new 'First light' --tag sky --edit --publish")
@click.argument("title", default="")
@click.option("--page", is_flag=True, help="A page such as /about instead of a post.")
@click.option("--file", type=click.File("rb"), help="Take the text from a Markdown file; - is standard input.")
@click.option(
    "--edit/--no-edit", default=None, help="Write the text in $EDITOR; by default on a terminal, without --file."
)
@click.option("--publish", is_flag=True, help="Show it to readers at once, or on the date its front matter names.")
@click.option("--slug", default="", help="Its name in the address; by default made from the title.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
def new(  # noqa: PLR0913 - click gives an argument for each option
    title: str, slug: str, tags: tuple[str, ...], file: BinaryIO | None, *, page: bool, edit: bool | None, publish: bool
) -> None:
    """Make a draft called TITLE, or with --publish a post that readers see.

    With --file the text's own front matter or first heading may say the title.
    """
    if not title.strip() and file is None:
        raise click.UsageError("say a TITLE, or --file with a text that has one")
    if len(title) > MOST_TITLE:
        raise click.UsageError(f"the title has {len(title)} characters; {MOST_TITLE} are the most")
    if edit is None:
        edit = file is None and sys.stdin.isatty() and sys.stdout.isatty()
    decided: dict[str, Any] = {
        **({"title": title} if title.strip() else {}),
        **({"slug": slug} if slug else {}),
        "kind": "page" if page else "article",
        "state": "published" if publish else "draft",
        **({"tags": tags} if tags else {}),
    }
    # Standard input may have no name at all, or one that says nothing.
    name = Path(str(getattr(file, "name", "") or UNNAMED)).name
    name = name if name.endswith((".md", ".markdown")) else UNNAMED
    start = file.read() if file else _blank(title)
    if not edit:
        _create(name, start, decided)
        return
    with edited(UNNAMED, start.decode()) as text:
        if text == start and file is None:
            click.echo("Nothing was written, so nothing was made.")
            return
        _create(name, start, decided, text)


@click.command(epilog="Example:  homeport edit first-light")
@click.argument("slug")
def edit(slug: str) -> None:
    """Change the text of SLUG, front matter included, in $EDITOR.

    What you change in the front matter takes effect; what you leave alone does not, even if it was decided
    otherwise since. The former text is kept as a revision.
    """
    with open_database() as database, database.transaction() as session:
        entry = find_entry(session, slug)
        number, before = entry.id, entry.front_matter + entry.source
    # The database is let go of while the editor is open: that may be for days, and the site may be started meanwhile.
    with edited(f"{entry.slug}.md", before) as text:
        if text == before.encode():
            click.echo("Nothing was changed.")
            return
        with open_database() as database, database.transaction() as session:
            entry = _apply(session, number, before.encode(), text)
            _tell(session, entry)


@click.command(epilog="Example:  homeport --site https://example.org publish first-light.md")
@click.argument("slug")
@click.option(
    "--at",
    "when",
    help="Date and time in the site's time zone, past or to come, or `now`. By default a date in the past that the "
    "entry has already, else now.",
)
@click.option("--unlisted", is_flag=True, help="At its address only: in no list, feed or sitemap.")
@click.option("--draft", is_flag=True, help="With --site: as a draft.")
@click.option("--dry-run", is_flag=True, help="With --site: only say what would be done.")
@click.option("--merge", is_flag=True, help="With --site: bring what was changed there into the file first.")
@click.option("--force", is_flag=True, help="With --site: put the file in the place of what was changed there.")
def publish(slug: str, when: str | None, *, unlisted: bool, **elsewhere: bool) -> None:
    """Show SLUG to readers, now or at a time to come.

    With --site, SLUG is a Markdown file: it is published on that site with the pictures beside it that it shows,
    under the slug that its front matter or its name says. Front matter says whether it is a draft. The same file once
    more changes nothing; a text that was changed on the site since is not touched, unless you say how.
    """
    if current().site:
        # Only who publishes elsewhere waits for what reads and renders a file.
        from homeport.cli.publishing import publish_elsewhere  # noqa: PLC0415

        publish_elsewhere(current(), slug, when, is_unlisted=unlisted, **elsewhere)
        return
    if named := [name for name, is_wanted in elsewhere.items() if is_wanted]:
        raise click.UsageError(f"--{named[0].replace('_', '-')} is for a site elsewhere: say --site URL")
    with open_database() as database, database.transaction() as session:
        entry = find_entry(session, slug)
        was = entry.state
        publish_entry(session, entry, _moment(session, when) if when else None)
        if unlisted:
            unlist_entry(session, entry)
        note_state(session, COMMAND_LINE, entry, was)
        _tell(session, entry)


@click.command(epilog="Example:  homeport unpublish first-light")
@click.argument("slug")
def unpublish(slug: str) -> None:
    """Take SLUG back into the drafts; its address answers 404 until it returns."""
    with open_database() as database, database.transaction() as session:
        entry = find_entry(session, slug)
        was = entry.state
        unpublish_entry(session, entry)
        note_state(session, COMMAND_LINE, entry, was)
        _tell(session, entry)


@click.command("list", epilog="Example:  homeport list --state draft --json")
@click.option("--state", type=click.Choice(LISTED_STATES), help="Only those in this state.")
@click.option("--tag", help="Only those with this tag (its slug).")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(state: str | None, tag: str | None, *, as_json: bool) -> None:
    """List posts and pages: drafts first, then the newest first; of a site elsewhere what was changed last first."""
    if current().site:
        from homeport.cli.elsewhere import list_elsewhere  # noqa: PLC0415 - as above

        list_elsewhere(current(), state, tag, as_json=as_json)
        return
    with open_database() as database, database.reader() as connection:
        zone = load_site(connection).time_zone
        entries = [
            entry
            for entry in list_all_entries(connection)
            if state in (None, entry.state) and (tag is None or tag in entry.tags)
        ]
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(entry) for entry in entries], default=str, indent=2))
        return
    rows = [(entry.slug, entry.state, day_of(entry.published_at, zone), entry.title) for entry in entries]
    print_table(("Slug", "State", "Date", "Title"), rows)


@click.command(epilog="Example:  homeport show first-light > first-light.md")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with everything that is known about it.")
def show(slug: str, *, as_json: bool) -> None:
    """Print the text of SLUG, front matter included, byte for byte."""
    if current().site:
        from homeport.cli.elsewhere import show_elsewhere  # noqa: PLC0415 - as above

        show_elsewhere(current(), slug, as_json=as_json)
        return
    with open_database() as database, database.transaction() as session:
        entry = find_entry(session, slug)
        given = dataclasses.asdict(dataclasses.replace(input_of(session, entry), targets={}))
    if not as_json:
        sys.stdout.buffer.write((entry.front_matter + entry.source).encode())
        return
    facts = {name: value for name, value in given.items() if name not in ("targets", "rendered")}
    also = {"public_id": entry.public_id, "slug": entry.slug, "path": entry.path, "html": entry.html}
    click.echo(json.dumps({**facts, **also, "dropped": entry.dropped}, default=str, ensure_ascii=False, indent=2))


@click.command(epilog="Example:  homeport delete first-light --yes")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(slug: str, *, yes: bool) -> None:
    """Take SLUG away; an address that readers may know answers 410 from now on."""
    with open_database() as database, database.transaction() as session:
        entry = find_entry(session, slug)
        if not yes:
            _confirm(f"Delete {entry.title or entry.slug!r}?")
        delete_entry(session, entry)
        note_entry(session, COMMAND_LINE, entry, "entry.deleted")
    click.echo(f"{entry.slug} has been deleted.")


@click.command(epilog="Example:  homeport rename first-light first-night")
@click.argument("slug")
@click.argument("new_slug", metavar="NEW")
def rename(slug: str, new_slug: str) -> None:
    """Give SLUG the slug NEW; the old address leads to the new one."""
    with open_database() as database, database.transaction() as session:
        _tell(session, rename_entry(session, find_entry(session, slug), new_slug))


def _create(name: str, start: bytes, decided: dict[str, Any], text: bytes | None = None) -> None:
    """Store a new entry made of `start`, with the changes that turned it into `text`."""
    with open_database() as database, database.transaction() as session:
        zone = ZoneInfo(site_of(session).time_zone)
        before = read_text(name, start, zone)
        given = as_input(session, before, **decided)
        after = before if text is None else read_text(name, text, zone)
        if text is not None:
            given = with_changes(session, given, before, after)
        entry = create_entry(session, given)
        note_state(session, COMMAND_LINE, entry)
        lead_to_entry(session, entry, after.post.old_paths)
        _tell(session, entry)


def _apply(session: Session, number: int, before: bytes, text: bytes) -> Entry:
    """Change an entry from one text to another, provided that it still has the first."""
    entry = session.get(Entry, number, options=LOADS, with_for_update=True)
    if entry is None or entry.deleted_at is not None:
        raise NotFoundError("the entry has been deleted in the meantime")
    if (entry.front_matter + entry.source).encode() != before:
        raise EditedElsewhereError(
            f"{entry.slug} was changed while it was open in your editor",
            hint=f"Bring your text into it with `homeport edit {entry.slug}`.",
        )
    zone = ZoneInfo(site_of(session).time_zone)
    name = f"{entry.slug}.md"
    said, says = read_text(name, before, zone), read_text(name, text, zone)
    given = with_changes(session, input_of(session, entry), said, says)
    was = entry.state
    update_entry(session, entry, given, reason=EDIT_REASON)
    lead_to_entry(session, entry, [path for path in says.post.old_paths if path not in said.post.old_paths])
    note_state(session, COMMAND_LINE, entry, was)
    return entry


def _blank(title: str) -> bytes:
    # A JSON string is a YAML string too, whatever the title has in it.
    quoted = json.dumps(title, ensure_ascii=False)
    return f'---\ntitle: {quoted}\ndescription: ""\ntags: []\n---\n\n'.encode()


def _moment(session: Session, text: str) -> datetime:
    if text == "now":
        return session.execute(select(func.now())).scalar_one()
    zone = ZoneInfo(site_of(session).time_zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write a date such as 2026-12-24T08:00", param_hint="--at") from None
    if moment.tzinfo is not None:
        return moment
    moment = moment.replace(tzinfo=zone)
    if moment.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise InvalidError(f"{text} does not exist in {zone.key}: the clocks are put forward over it")
    return moment


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise InvalidError("there is no terminal to ask on", hint="Say --yes if you are sure.")
    click.confirm(question, abort=True)


def _tell(session: Session, entry: Entry) -> None:
    """Say where an entry is now, and what readers will not see of it."""
    for sentence in entry.dropped:
        click.echo(f"note: {sentence}", err=True)
    site = site_of(session)
    address = f"{current().settings.site_url or site.address}{entry.path}" if entry.path else "no address yet"
    if entry.state == "draft" or entry.published_at is None:
        click.echo(as_typed(f"Draft {entry.slug} ({address}); `homeport publish {entry.slug}` shows it to readers."))
    elif entry.published_at > session.execute(select(func.now())).scalar_one():
        when = entry.published_at.astimezone(ZoneInfo(site.time_zone))
        click.echo(f"{entry.slug} appears on {when:%Y-%m-%d at %H:%M} ({site.time_zone}) at {address}")
    else:
        click.echo(f"{entry.slug} is {entry.state} at {address}")
