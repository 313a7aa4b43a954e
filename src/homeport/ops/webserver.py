"""Runs Gunicorn under the supervisor, in a copy of it or as `python -m homeport.ops.webserver`; nobody else starts it.

Readers come first: the master forks its first worker as soon as their pages are loaded, and loads the rest meanwhile.
"""

# Gunicorn has no annotations.
# mypy: allow-untyped-calls

import argparse
import gc
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import psycopg2
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from homeport import logs
from homeport.errors import HomeportError
from homeport.ops import process
from homeport.ops.companion import Work
from homeport.ops.exits import UNEXPECTED, exit_code, explain
from homeport.ops.gunicorn_config import gunicorn_options
from homeport.ops.heartbeat import Pulse
from homeport.ops.master import Master, could_not_load, keep_for_good
from homeport.settings import Settings
from homeport.values import libpq_uri

if TYPE_CHECKING:
    from homeport.ops.metrics.counters import Observe

APPLICATION = "homeport.wsgi"
DATABASE_PATIENCE_SECONDS = 30.0

STORED = "homeport.stored"
"""Stands in the environment of a request that was answered with a stored page."""

log = logging.getLogger("homeport.webserver")


class PlainLogger(Logger):
    """Gunicorn's log lines in the form of all the others, and in the place of its access log a count."""

    observe: "Observe | None" = None

    def setup(self, cfg: Any) -> None:
        """Leave formats and destinations to `homeport.logs`."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:  # noqa: ARG002 - Gunicorn's signature
        """Count an answer; the application has written its line about it."""
        if self.observe is not None:
            path, seconds = environ.get("PATH_INFO", ""), request_time.total_seconds()
            self.observe(path, resp.status_code, seconds, is_stored=STORED in environ)


class WebServer(BaseApplication):
    """The site as Gunicorn sees it."""

    def __init__(
        self,
        settings: Settings,
        *,
        module: str,
        listeners: Sequence[int],
        pulse: Pulse,
        await_database: bool,
        counters: int | None = None,
    ) -> None:
        self.settings = settings
        self.claim = _claim(counters)
        self.await_database = await_database
        self.module = module
        self.listeners = listeners
        self.pulse = pulse
        self.work: Work | None = None
        self.complete: Callable[[], object] | None = None
        self.load_later: Callable[[], object] | None = None
        """What is still to be loaded before `complete`, where the first worker has stored pages to serve."""

        super().__init__()

    def load_config(self) -> None:
        """Take the configuration from the settings alone: no file, no command line, no environment."""
        options = {
            **gunicorn_options(self.settings),
            "bind": [f"fd://{number}" for number in self.listeners],
            "logger_class": PlainLogger,
            "when_ready": self._before_fork,
            "post_fork": self._after_fork,
            "worker_exit": self._after_work,
        }
        assert self.cfg is not None
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Import the application while the database is perhaps still starting; only then let it use the database."""
        module = importlib.import_module(self.module)
        self.work = getattr(module, "work", None)
        self.complete = getattr(module, "complete", None)
        if getattr(module, "can_open_with_stored_pages", False):
            self.load_later = partial(self._load_readers, module)
        else:
            self._load_readers(module)
        application: Callable[..., Any] = module.app
        return application

    def _load_readers(self, module: ModuleType) -> None:
        getattr(module, "load", _nothing)()
        if self.await_database:
            await_database(self.settings.db.uri, meanwhile=getattr(module, "load_migrations", _nothing))
        getattr(module, "prepare", _nothing)()

    def run(self) -> None:
        """Serve until told to stop."""
        Master(self).run()

    def _before_fork(self, _master: Arbiter) -> None:
        self.pulse.loaded()
        keep_for_good()

    def _after_fork(self, _master: Arbiter, worker: Any) -> None:
        self.pulse.close()
        worker.log.observe = self.claim()

    def _after_work(self, _master: Arbiter, worker: Any) -> None:
        if worker.booted:
            leave(0)


def _claim(counters: int | None) -> "Callable[[], Observe | None]":
    """Return what gives a worker its row of the counters, if somebody reads them."""
    if counters is None:
        return lambda: None
    from homeport.ops.metrics.counters import Counters  # noqa: PLC0415 - most starts count nothing

    return Counters(counters).claim


def await_database(uri: str, *, meanwhile: Callable[[], object], seconds: float = DATABASE_PATIENCE_SECONDS) -> None:
    """Return when the database takes connections, or when it has not done so in time.

    One that is not there by now is probably being made; `meanwhile` loads what a new one needs.
    """
    if not _takes_connections(uri):
        meanwhile()
        process.wait_until(lambda: _takes_connections(uri), seconds)


def _takes_connections(uri: str) -> bool:
    try:
        psycopg2.connect(libpq_uri(uri)).close()
    except psycopg2.OperationalError:
        return False
    return True


def _nothing() -> None:
    """Stand in for what a module does not have."""


def main(arguments: Sequence[str]) -> None:
    """Serve; ends the process with a code and one line that says why."""
    parser = argparse.ArgumentParser(prog="homeport.ops.webserver")
    parser.add_argument("--module", default=APPLICATION)
    parser.add_argument("--listen", type=int, nargs="+", required=True, help="descriptors of listening sockets")
    parser.add_argument("--heartbeat", type=int, required=True, help="descriptor of the pipe to the supervisor")
    parser.add_argument("--counters", type=int, help="descriptor of the counters that metrics are made of")
    parser.add_argument("--await-database", action="store_true", help="the database is being started")
    options = parser.parse_args(arguments)
    pulse = Pulse(options.heartbeat)
    pulse.begin()
    # Nothing of what is loaded now is garbage; `keep_for_good` switches the search for it on again.
    gc.disable()
    try:
        settings = Settings.from_env(os.environ, needs=("DB_URI", "FLASK_KEY"))
        logs.configure(settings.logs)
        WebServer(
            settings,
            module=options.module,
            listeners=options.listen,
            pulse=pulse,
            await_database=options.await_database,
            counters=options.counters,
        ).run()
    except HomeportError as error:
        explain(error)
        sys.exit(exit_code(error))
    except Exception as error:
        log.debug("the site could not be loaded", exc_info=True)
        explain(HomeportError(could_not_load(error)))
        sys.exit(UNEXPECTED)


def leave(code: int) -> NoReturn:
    """End this process at once.

    Python's own way would first take every module apart, which copies all the memory that is shared with the master and
    takes seconds, and would wait for a thread that hangs.
    """
    logging.shutdown()
    os._exit(code)


def run(arguments: Sequence[str]) -> NoReturn:
    """Serve, be it as the master or as one of its workers, and end the process."""
    try:
        main(arguments)
    except SystemExit as end:
        leave(end.code if isinstance(end.code, int) else 1)
    leave(0)


if __name__ == "__main__":
    run(sys.argv[1:])
