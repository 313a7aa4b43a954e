"""Commands that move a site in and out: folders of Markdown to entries, and back."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from homeport.accounts.audit import COMMAND_LINE, note
from homeport.cli.context import current
from homeport.cli.database import open_database
from homeport.cli.notices import print_notices
from homeport.db.session import Database
from homeport.exchange.dialects import Dialect
from homeport.exchange.exporter import ExportReport, export_folder
from homeport.exchange.importer import import_folder
from homeport.exchange.rendering import collect_rarely
from homeport.exchange.report import ImportReport
from homeport.exchange.run import ImportOptions, Progress

NOTHING_WENT_IN = 4
REPORT = "import-report.txt"


@click.command("import", epilog="Example:  homeport import ~/old-blog --dry-run")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--format",
    "dialect",
    type=click.Choice([dialect.value for dialect in Dialect]),
    help="The tool the folder was written for; by default its structure tells.",
)
@click.option("--address", default="", metavar="URL", help="Where the site was until now: full links to it follow.")
@click.option("--label", default="", help="A name for this folder, to know it again; by default its own.")
@click.option("--overwrite", is_flag=True, help="Replace entries that were edited here, too; a revision is kept.")
@click.option("--restore-deleted", is_flag=True, help="Bring entries back that were deleted here.")
@click.option("--dry-run", is_flag=True, help="Write nothing; only report what would become of each file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_(  # noqa: PLR0913 - one parameter for each option
    folder: Path,
    dialect: str | None,
    address: str,
    label: str,
    *,
    overwrite: bool,
    restore_deleted: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import a folder of Markdown: Hugo, Jekyll, Zola, Pelican, plain files, or an export of this site.

    What was imported before and has not changed is left alone. The files themselves are never touched.
    With --verbose the report names every file.
    """
    options = ImportOptions(
        dialect=Dialect(dialect) if dialect else None,
        label=label,
        address=address,
        dry_run=dry_run,
        overwrite=overwrite,
        restore_deleted=restore_deleted,
        max_media_bytes=current().settings.media.max_bytes,
    )
    collect_rarely()
    with open_database() as database, _progress_bar(is_wanted=not as_json) as progress:
        report = import_folder(database, folder, options, progress=progress)
        _write_down(database, folder, report)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _print_import(report)
    return NOTHING_WENT_IN if report.nothing_went_in else 0


@click.command(epilog="Example:  homeport export ~/my-site")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace an earlier export.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def export(folder: Path, *, force: bool, as_json: bool) -> None:
    """Write everything back as Markdown and media, with a manifest that makes the same site of it again."""
    with open_database() as database:
        report = export_folder(database, folder, force=force)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _print_export(folder, report)


def _write_down(database: Database, folder: Path, report: ImportReport) -> None:
    if not report.is_dry_run and (report.imported or report.updated):
        with database.transaction() as session:
            note(session, COMMAND_LINE, "site.import", folder.name, imported=report.imported, updated=report.updated)


@contextmanager
def _progress_bar(*, is_wanted: bool) -> Iterator[Progress]:
    """Show how far the import is, to people only: a file or a pipe gets the report alone."""
    if not (is_wanted and sys.stderr.isatty()):
        yield lambda _done, _total: None
        return
    # A tenth of a second that only a terminal is worth.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Importing", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_import(report: ImportReport) -> None:
    would = "would be " if report.is_dry_run else ""
    click.echo(
        f"{report.dialect.capitalize()}: {report.imported} {would}imported, {report.updated} {would}updated, "
        f"{report.unchanged} unchanged, {len(report.skipped)} skipped, in {report.seconds:.1f} s."
    )
    installation = current()
    print_notices(report, installation.folder.root / REPORT, is_verbose=installation.is_verbose)


def _print_export(folder: Path, report: ExportReport) -> None:
    click.echo(f"{report.entries} entries and {report.media} files written to {folder} in {report.seconds:.1f} s.")
