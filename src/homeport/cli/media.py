"""Commands about files that entries show: bring in, add, list, describe."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from homeport.cli.context import current
from homeport.cli.database import open_database
from homeport.db.session import Database
from homeport.errors import HomeportError, InvalidError
from homeport.exchange.remote_images import FetchOutcome, fetch_remote_images, list_remote_images
from homeport.media.actions import add_upload, describe_media, request_missing_variants_later
from homeport.media.errors import MediaTooLargeError
from homeport.media.markdown import markdown_of
from homeport.media.models import Media
from homeport.media.queries import list_media
from homeport.ops.exits import explain


@click.group(epilog="Example:  homeport media add holiday.jpg")
def media() -> None:
    """Pictures and files that entries show."""


@media.command(epilog="Example:  homeport media fetch --dry-run")
@click.option("--dry-run", is_flag=True, help="Only say which pictures would be fetched.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def fetch(*, dry_run: bool, as_json: bool) -> None:
    """Bring in the pictures that entries show from other servers.

    What cannot be had stays a link; the text of the entries is never changed.
    """
    max_bytes = current().settings.media.max_bytes
    with open_database() as database:
        if dry_run:
            _show_wanted(database, as_json=as_json)
            return
        outcomes = []
        for outcome in fetch_remote_images(database, max_bytes=max_bytes):
            outcomes.append(outcome)
            if not as_json:
                click.echo(_outcome_line(outcome))
        with database.transaction() as session:
            request_missing_variants_later(session)
    counts = Counter(outcome.status for outcome in outcomes)
    if as_json:
        click.echo(json.dumps({"images": [asdict(outcome) for outcome in outcomes]}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{counts['stored']} stored, {counts['known']} here already, {counts['failed']} failed.")


@media.command(epilog='Example:  homeport media add --alt "The harbour at dawn" harbour.jpg')
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--alt", default="", help="What the picture shows, for those who do not see it.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def add(files: tuple[Path, ...], alt: str, *, as_json: bool) -> None:
    """Store files and print the Markdown that shows them."""
    added = []
    with open_database() as database:
        for file in files:
            try:
                added.append(_add(database, file, alt))
            except InvalidError as error:
                explain(error)
    if as_json:
        click.echo(json.dumps([_summary(stored) for stored in added], ensure_ascii=False, indent=2))
    else:
        for stored in added:
            click.echo(markdown_of(stored))
    if len(added) < len(files):
        raise InvalidError(f"{len(files) - len(added)} of {len(files)} files were not taken.")


@media.command("list", epilog="Example:  homeport media list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(*, as_json: bool) -> None:
    """List all files, the newest first."""
    with open_database() as database, database.reader() as connection:
        rows = list_media(connection)
    if as_json:
        click.echo(json.dumps([asdict(row) | {"path": row.path} for row in rows], default=str, indent=2))
        return
    for row in rows:
        size = f"{row.width} x {row.height}" if row.width else ""
        click.echo(f"{row.path}  {row.content_type}  {row.size_bytes:,} bytes  {size}".rstrip())


@media.command(epilog='Example:  homeport media describe 0a1b2c… --alt "The harbour at dawn"')
@click.argument("digest", metavar="HASH")
@click.option("--alt", help="What the picture shows, for those who do not see it.")
@click.option("--caption", help="A line below the picture.")
def describe(digest: str, alt: str | None, caption: str | None) -> None:
    """Say what a picture shows."""
    with open_database() as database, database.transaction() as session:
        described = describe_media(session, digest, alt=alt, caption=caption)
        click.echo(markdown_of(described))


def _show_wanted(database: Database, *, as_json: bool) -> None:
    with database.reader() as connection:
        images = list_remote_images(connection)
    if as_json:
        wanted = [{"url": image.url, "status": "wanted", "entry_count": len(image.entry_ids)} for image in images]
        click.echo(json.dumps({"images": wanted}, ensure_ascii=False, indent=2))
        return
    for image in images:
        click.echo(f"{image.url}  (entries: {len(image.entry_ids)})")
    click.echo(f"{len(images)} would be fetched.")


def _outcome_line(outcome: FetchOutcome) -> str:
    return f"{outcome.status:<7} {outcome.url}  {outcome.path or outcome.reason}".rstrip()


def _add(database: Database, file: Path, alt: str) -> Media:
    max_bytes = current().settings.media.max_bytes
    try:
        size_bytes = file.stat().st_size
        if size_bytes > max_bytes:
            raise MediaTooLargeError(file.name, size_bytes, max_bytes)
        data = file.read_bytes()
    except OSError as error:
        raise HomeportError(f"{file} cannot be read: {error.strerror}.") from error
    with database.transaction() as session:
        return add_upload(session, data, file.name, max_bytes=max_bytes, alt=alt)


def _summary(stored: Media) -> dict[str, object]:
    return {
        "path": stored.path,
        "markdown": markdown_of(stored),
        "content_type": stored.content_type,
        "size_bytes": stored.size_bytes,
        "width": stored.width,
        "height": stored.height,
    }
