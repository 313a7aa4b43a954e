"""The commands that start the site, end it, and tell how it is."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import click

from homeport.cli.context import Installation, current
from homeport.cli.patience import await_site
from homeport.errors import UnavailableError
from homeport.logs import configure
from homeport.ops import logfiles, probe
from homeport.ops.announcement import PREFIX, setup_link_in
from homeport.ops.background import Background, leave_terminal
from homeport.ops.commandname import as_typed, typed
from homeport.ops.folder import DataFolder
from homeport.ops.lastbackup import last_backup
from homeport.ops.listening import LOOPBACK, listen
from homeport.ops.local import run_local_site
from homeport.ops.site import run_site
from homeport.ops.tenancy import SITE, OccupiedError, find_tenant
from homeport.ops.webservice import StartError
from homeport.settings import Settings

# The web server has half a minute for requests under way, PostgreSQL a minute for its last checkpoint.
STOP_SECONDS = 100.0
ANSWER_SECONDS = 3.0
NOT_RUNNING = 6


@click.command(epilog="Example:  bin/up --port 8000 --detach")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; by default PORT, else 5000.")
@click.option("--detach", is_flag=True, help="Return once the site is ready; `homeport down` ends it.")
def up(port: int | None, *, detach: bool) -> None:
    """Start the site on this machine, with a database of its own unless DB_URI names one."""
    installation = current()
    folder = installation.folder
    tenant = find_tenant(folder)
    if tenant is not None and tenant.purpose == SITE:
        raise OccupiedError(folder, tenant)
    if not (folder.cluster.exists() or installation.settings.db.uri):
        click.echo(f"Creating the database in {folder.root} ...")
    if not detach:
        _run(installation, port, lambda address: _welcome(installation, port, address, ends_with="Ctrl-C"))
        return
    folder.prepare()
    said_before = folder.site_log.stat().st_size if folder.site_log.exists() else 0
    side = leave_terminal(folder.site_log)
    if not isinstance(side, Background):
        _run(installation, port, side)
        return
    news = await_site(side, installation.settings.db.uri)
    if isinstance(news, int):
        _repeat(folder, since=said_before)
        sys.exit(news or 1)
    _welcome(installation, port, news, ends_with=f"{typed()} down")
    if link := setup_link_in(_said(folder, since=said_before)):
        click.echo(f"{PREFIX}{link}")


@click.command(epilog="Example:  homeport down")
def down() -> None:
    """End the site that runs in the data folder, letting requests under way finish."""
    tenant = find_tenant(current().folder)
    if tenant is None or tenant.purpose != SITE:
        click.echo("The site does not run.")
        return
    tenant.process.send(signal.SIGTERM)
    if not tenant.process.wait(STOP_SECONDS):
        raise UnavailableError(
            f"process {tenant.process.number} has not ended in {STOP_SECONDS:.0f} seconds",
            hint=f"End it with `kill -9 {tenant.process.number}`; the next start recovers.",
        )
    click.echo("The site has ended.")


@click.command(epilog="Example:  homeport status --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def status(*, as_json: bool) -> int:
    """Tell whether the site runs, where, and whether it reaches its database; exit code 6 when it does not run."""
    folder = current().folder
    tenant = find_tenant(folder)
    site = tenant if tenant is not None and tenant.purpose == SITE else None
    address = site.address if site else _served_address()
    runs = bool(site or address)
    backup = last_backup(current().settings.backup.folder, folder.notes)
    facts = {
        "running": runs,
        "address": address or None,
        "process": site.process.number if site else None,
        "database": _database_state(address) if runs else None,
        "data": str(folder.root),
        "backup": backup.as_json(),
    }
    if as_json:
        click.echo(json.dumps(facts))
        return 0 if runs else NOT_RUNNING
    if runs:
        process = f" (process {site.process.number})" if site else ""
        click.echo(f"The site runs at {address}{process}, database {facts['database']}.")
    else:
        click.echo("The site does not run.")
    click.echo(as_typed(backup.report(datetime.now(UTC))))
    return 0 if runs else NOT_RUNNING


@click.command(epilog="Example:  homeport logs -f")
@click.option("-f", "--follow", is_flag=True, help="Go on showing new lines until Ctrl-C.")
@click.option(
    "-n", "--lines", type=click.IntRange(0), default=50, show_default=True, help="Show this many lines first."
)
@click.option("--database", is_flag=True, help="What PostgreSQL says instead of what the site says.")
def logs(lines: int, *, follow: bool, database: bool) -> None:
    """Show what a site that runs in the background has said."""
    folder = current().folder
    path = folder.database_log if database else folder.site_log
    for line in logfiles.last_lines(path, lines):
        click.echo(line)
    if follow:
        for text in logfiles.follow(path):
            click.echo(text, nl=False)


@click.command(epilog="Example:  HOST=0.0.0.0 DB_URI=postgresql://... FLASK_KEY_FILE=/run/secrets/key homeport serve")
def serve() -> None:
    """Serve the site in the foreground for production: HOST and PORT, and the database that DB_URI names."""
    installation = current()
    settings = Settings.from_env(installation.environment, needs=("DB_URI", "FLASK_KEY"))
    configure(settings.logs)
    with ExitStack() as stack, _told_already():
        hosts = LOOPBACK if settings.server.host == "localhost" else (settings.server.host,)
        listeners = [stack.enter_context(listener) for listener in listen(hosts, settings.server.port)]
        run_site(listeners, installation.environment, on_ready=lambda: click.echo("Homeport serves.", err=True))


@click.command(epilog="Example:  homeport migrate")
@click.option("--beside", default="", metavar="RELEASE", help="Only say whether that release could live with it.")
def migrate(beside: str) -> None:
    """Bring the database's schema up to date; the site does so by itself when it starts."""
    # The site's own start must not pay for the import of SQLAlchemy.
    from homeport.cli.database import check_coexistence, open_database  # noqa: PLC0415 - all of SQLAlchemy

    if beside:
        check_coexistence(beside)
        click.echo(f"Homeport {beside} can live with the schema of this release.")
        return
    with open_database():
        click.echo("The schema is up to date.")


def _run(installation: Installation, port: int | None, on_ready: Callable[[str], None]) -> None:
    configure(installation.settings.logs)
    with _told_already():
        run_local_site(
            installation.folder,
            installation.environment,
            port=_wanted_port(installation, port),
            may_move=port is None and "PORT" not in installation.environment,
            on_ready=on_ready,
        )


@contextmanager
def _told_already() -> Iterator[None]:
    """End with the code of a web server that could not start, and has said why."""
    try:
        yield
    except StartError as error:
        sys.exit(error.code)


def _wanted_port(installation: Installation, port: int | None) -> int:
    return port or installation.settings.server.port


def _welcome(installation: Installation, port: int | None, address: str, *, ends_with: str) -> None:
    wanted = _wanted_port(installation, port)
    if urlsplit(address).port != wanted:
        click.echo(f"Port {wanted} is in use by another program; using {urlsplit(address).port}.")
    click.echo(f"Your site is at {address} ({ends_with} ends it).")


def _repeat(folder: DataFolder, *, since: int) -> None:
    """Show at the terminal what the process in the background said before it ended."""
    click.echo(_said(folder, since=since), err=True, nl=False)


def _said(folder: DataFolder, *, since: int) -> str:
    """Return what the process in the background has said so far."""
    try:
        with folder.site_log.open(encoding="utf-8", errors="replace") as log:
            log.seek(since)
            return log.read()
    except FileNotFoundError:
        raise UnavailableError(f"{folder.root} was removed while the site was starting") from None


def _served_address() -> str:
    """Return where `homeport serve` answers, which holds no data folder; empty when it does not."""
    settings = current().settings
    address = f"http://127.0.0.1:{settings.server.port}"
    return address if settings.db.uri and _ask_ready(address) else ""


def _ask_ready(address: str) -> probe.Answer | None:
    return probe.ask((LOOPBACK[0], urlsplit(address).port or 80), "/readyz", seconds=ANSWER_SECONDS)


def _database_state(address: str) -> str:
    answer = _ask_ready(address)
    return "up" if answer is not None and answer.says_database_is_up() else "away"
