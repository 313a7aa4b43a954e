"""Commands about archives of the whole site: make one, see what there is, prove it, bring a site back."""

import json
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from pyrage.x25519 import Identity

from homeport.cli.context import current
from homeport.cli.database import database_address
from homeport.cli.tables import print_table
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.errors import NotFoundError
from homeport.logs import configure
from homeport.ops.backup.bucket.copying import list_copies
from homeport.ops.backup.bucket.store import bucket_of
from homeport.ops.backup.catalogue import Archive
from homeport.ops.backup.finding import fetch_newest, find_archive
from homeport.ops.backup.keys import read_identity
from homeport.ops.backup.last import age_in_words
from homeport.ops.backup.making import Source, keys_of, make_backup
from homeport.ops.backup.placing import Places
from homeport.ops.backup.restoring import Target, restore_backup
from homeport.ops.backup.shelf import Shelf
from homeport.ops.backup.wal.folder import LogFolder
from homeport.ops.backup.wal.recovering import lay_out
from homeport.ops.backup.wal.shipping import fetch_log
from homeport.settings import Settings

MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"])
KEY_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True, epilog="Example:  homeport backup")
@click.pass_context
def backup(context: click.Context) -> None:
    """Make an archive of the whole site: database with all media, settings, secrets; encrypted, in BACKUP_DIR."""
    if context.invoked_subcommand is not None:
        return
    installation = current()
    with database_address() as uri:
        source = Source(uri, installation.settings, installation.environment)
        made = make_backup(source)
    click.echo(f"wrote {source.shelf.path_of(made)} ({_size(made.size_bytes)})")
    if not source.keys.has_recovery:
        click.echo("Only this server can open it. For a key of your own: homeport backup key", err=True)


@backup.command("list", epilog="Example:  homeport backup list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.option("--bucket", "in_bucket", is_flag=True, help="Those in the bucket of BACKUP_BUCKET instead.")
def list_(*, as_json: bool, in_bucket: bool) -> None:
    """List the archives, newest first: when, how large, whether proven restorable; last those of other origin."""
    settings = current().settings
    if in_bucket:
        _list_bucket(settings, as_json=as_json)
        return
    shelf = Shelf(settings.backup.folder)
    archives = shelf.list_archives()
    if as_json:
        own = [_facts(shelf, archive) for archive in archives]
        other = [
            {"file": str(path), "size_bytes": path.stat().st_size, "own": False} for path in shelf.list_strangers()
        ]
        click.echo(json.dumps([*own, *other], indent=2))
        return
    now = datetime.now(UTC)
    rows = [
        (
            archive.name,
            f"{age_in_words(now - archive.made_at)} old",
            _size(archive.size_bytes),
            f"proven {archive.proven_at:%Y-%m-%d %H:%M}" if archive.proven_at else "not proven",
        )
        for archive in archives
    ]
    rows += [(path.name, "", _size(path.stat().st_size), "of other origin") for path in shelf.list_strangers()]
    print_table(("Archive", "Age", "Size", "State"), rows)


@backup.command(epilog="Example:  homeport backup fetch")
@click.argument("archive", metavar="[ARCHIVE]", default="")
def fetch(archive: str) -> None:
    """Bring the newest archive from the bucket into BACKUP_DIR, or the one that is named; prints the file."""
    settings = current().settings
    click.echo(_find(archive, settings) if archive else fetch_newest(settings))


@backup.command(epilog="Example:  homeport backup key")
@click.option("--replace", is_flag=True, help="Make another one; older archives still open with the old one.")
def key(*, replace: bool) -> None:
    """Make the recovery key, show its private half once, and seal every archive from now on for it, too."""
    private = keys_of(current().settings).make_recovery(replace=replace)
    click.echo(private)
    click.echo(
        "This line opens the archives when this server is lost. It is shown once, stored nowhere: keep it elsewhere.",
        err=True,
    )


@backup.command(epilog="Example:  homeport backup prove")
@click.option("--log", "of_log", is_flag=True, help="Instead: have a server started on the base backup and the log.")
def prove(*, of_log: bool) -> None:
    """Restore the newest archive beside the site, start the site on it, ask it for pages, and throw it away."""
    if of_log:
        from homeport.drill.logproof import prove_log  # noqa: PLC0415 - only this asks for it

        proof_of_log = prove_log(current().settings)
        click.echo(
            f"A server has started on the base backup of {proof_of_log.base_made_at:%Y-%m-%d %H:%M} UTC and read "
            f"{proof_of_log.pieces} pieces of the log to their end."
        )
        return
    from homeport.drill.proving import prove_newest  # noqa: PLC0415 - the whole application

    installation = current()
    with database_address() as uri:
        proof = prove_newest(Source(uri, installation.settings, installation.environment))
    click.echo(f"{proof.archive.name} is restorable: {proof.rows} rows, and {', '.join(proof.pages)} answered.")


@backup.command("watch", epilog="Example:  homeport backup watch")
def watch_() -> None:
    """Make and prove an archive every night, until Ctrl-C; what BACKUPS says is for those who do other work, too."""
    from homeport.drill.log import ship_log  # noqa: PLC0415 - see below
    from homeport.drill.watch import watch  # noqa: PLC0415 - nobody else waits for it

    settings = current().settings
    configure(settings.logs)
    # As Ctrl-C: what is under way is swept away, and not waited for.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    stop = threading.Event()
    if settings.backup.has_log:
        threading.Thread(target=ship_log, args=(settings, stop), name="log", daemon=True).start()
    watch(settings, stop)


@click.command(epilog="Example:  homeport restore homeport-20260401T020000Z.age --key recovery.txt")
@click.argument("archive", metavar="[ARCHIVE]", default="")
@click.option("--latest", is_flag=True, help="No archive: the last base backup and the log after it (--cluster).")
@click.option("--bucket", "from_bucket", is_flag=True, help="No archive: the newest one in BACKUP_BUCKET.")
@click.option("--to", "until", metavar="TIME", type=MOMENT, help="The same, up to this moment of UTC.")
@click.option(
    "--cluster",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where PostgreSQL will keep its data; for --latest and --to.",
)
@click.option("--key", "key_file", type=KEY_FILE, metavar="FILE", help="File with the recovery key.")
@click.option("--replace", is_flag=True, help="Replace the site that is here; its database stays, renamed.")
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Also put settings, secrets and the proxy's folders into this new folder.",
)
@click.option("--folders", "with_folders", is_flag=True, help="Fill the folders of BACKUP_INCLUDE, empty until now.")
def restore(  # noqa: PLR0913 - its options
    archive: str,
    key_file: Path | None,
    files: Path | None,
    cluster: Path | None,
    until: datetime | None,
    *,
    latest: bool,
    from_bucket: bool,
    replace: bool,
    with_folders: bool,
) -> None:
    """Bring back the site in ARCHIVE: a file, a name of `backup list`, s3://…; what is refused changes nothing."""
    installation = current()
    settings = installation.settings
    keys = keys_of(settings)
    identities = [*([read_identity(key_file)] if key_file else []), keys.server()]
    if latest or until:
        _lay_out(settings, cluster, until, identities)
        return
    if bool(archive) == from_bucket:
        raise click.UsageError("Name an archive, or --bucket alone, or --latest.")
    with database_address() as uri:
        shelf = Shelf(settings.backup.folder)
        key_place = None if settings.secret_key else installation.folder.secret_key
        places = Places(files, settings.backup.include if with_folders else (), key_place)
        target = Target(uri, shelf, _migrate, may_replace=replace, places=places)
        path = fetch_newest(settings) if from_bucket else _find(archive, settings)
        restored = restore_backup(path, target, identities)
    made_at = restored.manifest.made_at
    click.echo(f"The site of {made_at:%Y-%m-%d %H:%M} UTC is back: {sum(restored.manifest.counts.values())} rows.")
    if restored.aside:
        click.echo(f"The former database is called {restored.aside}; drop it when nobody misses anything.")


def _lay_out(settings: Settings, cluster: Path | None, until: datetime | None, identities: list[Identity]) -> None:
    if cluster is None:
        raise click.UsageError("--latest and --to need --cluster.")
    folder = LogFolder(settings.backup.folder / "wal")
    bucket = bucket_of(settings.backup.bucket, settings.paths.data)
    if bucket is not None:
        fetch_log(bucket, folder)
    moment = until.replace(tzinfo=UTC) if until else None
    base, pieces = lay_out(folder, cluster, identities, until=moment)
    click.echo(
        f"{cluster} is laid out: the base backup of {base.made_at:%Y-%m-%d %H:%M} UTC and {pieces} pieces of the log. "
        "PostgreSQL reads them when it starts there."
    )


def _find(archive: str, settings: Settings) -> Path:
    try:
        return find_archive(archive, settings)
    except NotFoundError as error:
        raise click.BadParameter(f"{error}. {error.hint}", param_hint="ARCHIVE") from error


def _list_bucket(settings: Settings, *, as_json: bool) -> None:
    bucket = bucket_of(settings.backup.bucket, settings.paths.data)
    if bucket is None:
        raise NotFoundError("there is no bucket", hint="Set BACKUP_BUCKET and what belongs to it (docs/backup.md).")
    copies, now = list_copies(bucket), datetime.now(UTC)
    if as_json:
        facts = [{"file": f"{bucket.address}{copy.name}", "size_bytes": copy.size_bytes} for copy in copies]
        click.echo(json.dumps(facts, indent=2))
        return
    rows = [(copy.name, f"{age_in_words(now - copy.made_at)} old", _size(copy.size_bytes)) for copy in copies]
    print_table(("Archive", "Age", "Size"), rows)


def _migrate(uri: str) -> None:
    database = Database(uri, pool_size=1, statement_timeout_seconds=0)
    try:
        bring_up_to_date(database.engine)
    finally:
        database.dispose()


def _facts(shelf: Shelf, archive: Archive) -> dict[str, Any]:
    return {
        "file": str(shelf.path_of(archive)),
        "size_bytes": archive.size_bytes,
        "own": True,
        "made_at": archive.made_at.isoformat(),
        "proven_at": archive.proven_at.isoformat() if archive.proven_at else None,
    }


def _size(size_bytes: int) -> str:
    megabytes = size_bytes / 1_000_000
    return f"{megabytes:.1f} MB" if megabytes >= 0.1 else f"{size_bytes} bytes"
