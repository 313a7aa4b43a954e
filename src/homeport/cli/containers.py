"""The commands about a container stack: make its folder, and say what is wrong with one before it starts."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import click

from homeport.cli.context import current, project_folder
from homeport.errors import InvalidError
from homeport.ops.commandname import as_typed, typed
from homeport.ops.compose.confidences import check_confidences
from homeport.ops.compose.creation import create_project
from homeport.ops.compose.declarations import check_declarations
from homeport.ops.compose.document import read_document
from homeport.ops.compose.findings import Finding
from homeport.ops.compose.former import read_former_stack
from homeport.ops.compose.project import Project
from homeport.ops.compose.surroundings import check_surroundings

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(epilog="Example:  homeport stack init . --site-url https://example.org --email me@example.org")
def stack() -> None:
    """The container stack: Nginx Proxy Manager, the site and PostgreSQL, run by Docker Compose."""


@stack.command(epilog="Example:  homeport stack init . --site-url https://example.org --email me@example.org")
@click.argument("folder", metavar="DIR", default=".", type=FOLDER)
@click.option("--site-url", default="", metavar="URL", help="Public address of the site; needed once, for .env.")
@click.option("--email", default="", metavar="ADDRESS", help="Where the certificate authority writes to; once, too.")
@click.option("--archive", type=FILE, metavar="FILE", help="Take the place of the stack in which it was made.")
@click.option("--key", type=FILE, metavar="FILE", help="File with the recovery key, to open the archive with.")
def init(folder: Path, site_url: str, email: str, archive: Path | None, key: Path | None) -> None:
    """Write compose file, values and new secrets into DIR; what is there stays as it is."""
    if (archive is None) != (key is None):
        raise click.UsageError("--archive needs --key, and --key an archive.")
    former = read_former_stack(archive, key) if archive and key else None
    created = create_project(Project(folder), project_folder(), site_url=site_url, email=email, former=former)
    for path in created.paths:
        click.echo(f"wrote {path}")
    if not created.paths:
        click.echo("Everything is there already.")
    if created.recovery_key:
        click.echo("This line opens the backups when this server is lost. It is shown once, stored nowhere:")
        click.echo(f"\n    {created.recovery_key}\n")
        click.echo("Keep it elsewhere, in a password manager for example.")
    click.echo(f"Next: {typed()} stack check {folder}")


@stack.command(epilog="Example:  homeport stack check .")
@click.argument("folder", metavar="DIR", default=".", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def check(folder: Path, *, as_json: bool) -> None:
    """Say all that is wrong with the stack in DIR before anything of it starts; exit code 4 with a fault."""
    project = Project(folder)
    document = read_document(project, current().outside)
    findings = [
        *check_declarations(document),
        *check_confidences(project, document),
        *check_surroundings(project, document),
    ]
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    else:
        _show(findings)
    faults = sum(finding.is_fault for finding in findings)
    if faults:
        raise InvalidError(f"{faults} {'fault' if faults == 1 else 'faults'} to mend before `docker compose up`.")


def _show(findings: Sequence[Finding]) -> None:
    for finding in sorted(findings, key=lambda finding: not finding.is_fault):
        click.echo(f"{'fault' if finding.is_fault else 'warning'}: {finding.what}\n    {as_typed(finding.remedy)}")
    if not any(finding.is_fault for finding in findings):
        click.echo("Ready: docker compose up -d")
