"""The command that moves the site's own database to a newer PostgreSQL."""

from pathlib import Path

import click

from homeport.cli.context import current
from homeport.errors import ConflictError
from homeport.ops.postgres.upgrading import upgrade_cluster


@click.command("upgrade-db", epilog="Example:  homeport upgrade-db")
@click.option(
    "--programs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder with the programs of the former PostgreSQL; by default where systems have them.",
)
def upgrade_db(programs: Path | None) -> None:
    """Move the database to the PostgreSQL of this release: copied, compared, exchanged; the former files are kept."""
    installation = current()
    if installation.settings.db.uri:
        raise ConflictError(
            "DB_URI names a server of your own, which its operator upgrades",
            hint="docs/backup.md says how it goes in containers.",
        )
    done = upgrade_cluster(installation.folder, programs)
    if done is None:
        click.echo("The database is of this release's PostgreSQL already; there is nothing to do.")
        return
    click.echo(f"PostgreSQL {done.former} -> {done.current}: {done.rows} rows copied and compared.")
    click.echo(f"The former files are in {done.kept}; delete them when nobody misses anything.")
