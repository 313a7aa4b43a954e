"""The whole site on this machine: its ports, its database, its web server, and when it is ready."""

import gc
import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from homeport.ops import logfiles, probe, process
from homeport.ops.folder import DataFolder
from homeport.ops.postgres.server import Server
from homeport.ops.process import ProcessId
from homeport.ops.services import PostgresService, Service
from homeport.ops.supervisor import Supervisor
from homeport.ops.tenancy import Tenancy
from homeport.ops.webservice import WebService

if TYPE_CHECKING:
    from homeport.ops.metrics.counters import Counters

log = logging.getLogger("homeport.site")

LEFTOVER_SECONDS = 1.0
READY_SECONDS = 2.0


def run_site(
    listeners: Sequence[socket.socket],
    environment: Mapping[str, str],
    *,
    on_ready: Callable[[], None],
    tenancy: Tenancy | None = None,
    database: Server | None = None,
    arguments: Sequence[str] = (),
) -> None:
    """Run the site until told to stop; without `database` it uses the server that DB_URI names.

    The web server is the first to start, because it loads the application while PostgreSQL starts and then waits for
    it, and the first to end, because it uses PostgreSQL.
    """
    counters = _counters(environment)
    counting = [] if counters is None else ["--counters", str(counters.descriptor)]
    web = WebService(
        listeners,
        environment,
        arguments=[*arguments, *counting, *(["--await-database"] if database else [])],
        keep=[] if counters is None else [counters.descriptor],
        on_start=lambda started: announce(tenancy, started) if tenancy else None,
        first_run=serve,
    )
    services: list[Service] = [web]
    if database is not None:
        services.append(PostgresService(database))
    if counters is not None:
        services.append(_metrics(counters, environment))

    def is_ready() -> bool:
        answer = probe.ask(web.address, "/readyz", seconds=READY_SECONDS) if web.is_complete else None
        return answer is not None and answer.says_database_is_up()

    Supervisor(
        services,
        chore=lambda: trim_logs(tenancy.folder) if tenancy else None,
        on_restart=counters.count_restart if counters else lambda _name: None,
    ).run(is_ready=is_ready, on_ready=on_ready)


def _counters(environment: Mapping[str, str]) -> "Counters | None":
    """Return what workers count in, if METRICS_PORT says that somebody asks; a start without it loads nothing of it."""
    if environment.get("METRICS_PORT", "").strip() in ("", "0"):
        return None
    from homeport.ops.metrics.counters import Counters  # noqa: PLC0415 - see the docstring

    return Counters.create()


def _metrics(counters: "Counters", environment: Mapping[str, str]) -> Service:
    from homeport.ops.metrics.service import MetricsService  # noqa: PLC0415 - the same

    return MetricsService(counters, environment)


def serve(arguments: Sequence[str]) -> None:
    """Be the web server; runs in its process, because the supervisor itself needs nothing of it."""
    gc.disable()  # as `webserver.main` does; this is when the loading begins
    from homeport.ops.webserver import run  # noqa: PLC0415 - see the docstring

    run(arguments)


def announce(tenancy: Tenancy, web_server: ProcessId) -> None:
    """Note down the web server for the next start; a site whose data folder was removed goes on without."""
    try:
        tenancy.announce(web_server=web_server)
    except OSError as error:
        log.warning("the data folder cannot be written to: %s", error)


def end_leftovers(tenancy: Tenancy) -> bool:
    """Kill the web server of a site whose supervisor was killed; say whether there was one to end."""
    leftover = tenancy.predecessor.web_server if tenancy.predecessor else None
    if leftover is not None and not leftover.has_successor():
        leftover.wait(LEFTOVER_SECONDS)
        process.kill_group(leftover.number)
        return True
    return False


def trim_logs(folder: DataFolder) -> None:
    """Keep the log files of the data folder at a bounded size."""
    for path in (folder.site_log, folder.database_log):
        logfiles.trim(path)
