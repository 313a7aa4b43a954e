"""Commands about what requests leave behind: do it, see what could not be done, try that again."""

import dataclasses
import json

import click

from homeport.cli.context import current
from homeport.cli.database import database_address, open_database
from homeport.cli.tables import print_table
from homeport.jobs.actions import delete_job, retry_job
from homeport.jobs.queries import list_failed_jobs
from homeport.logs import configure


@click.group(invoke_without_command=True, epilog="Example:  JOBS=separate homeport jobs")
@click.pass_context
def jobs(context: click.Context) -> None:
    """Do jobs in the foreground until Ctrl-C; with JOBS=inline, the default, the site does them by itself.

    It may be killed at any instant: what it was doing is done again. Any number of them may run beside each other.
    """
    if context.invoked_subcommand is not None:
        return
    # The other commands of this group need neither the whole site nor what its jobs are done with.
    from homeport.handlers import REGISTRY  # noqa: PLC0415
    from homeport.jobs.worker import work_until_told  # noqa: PLC0415

    settings = current().settings
    configure(settings.logs)
    with database_address() as uri:
        database = dataclasses.replace(settings.db, uri=uri)
        work_until_told(settings.replace(db=database), REGISTRY)


@jobs.command("list", epilog="Example:  homeport jobs list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(*, as_json: bool) -> None:
    """List the jobs that have failed for good, the latest first."""
    with open_database() as database, database.reader() as connection:
        failed = list_failed_jobs(connection)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(job) for job in failed], default=str, indent=2))
        return
    rows = [(str(job.id), job.kind, f"{job.failed_at:%Y-%m-%d %H:%M}", job.error) for job in failed]
    print_table(("Job", "Kind", "Failed at", "Because"), rows)


@jobs.command(epilog="Example:  homeport jobs retry 17")
@click.argument("job", type=int)
def retry(job: int) -> None:
    """Try a failed job again."""
    with open_database() as database, database.transaction() as session:
        retry_job(session, job)
    click.echo(f"Job {job} is tried again.")


@jobs.command(epilog="Example:  homeport jobs delete 17")
@click.argument("job", type=int)
def delete(job: int) -> None:
    """Throw a failed job away."""
    with open_database() as database, database.transaction() as session:
        delete_job(session, job)
    click.echo(f"Job {job} is gone.")
