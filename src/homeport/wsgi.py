"""What Gunicorn loads, once, before it forks: the application of this environment, and what its companion does."""

import os
from collections.abc import Callable
from importlib import import_module

from flask import Flask

from homeport import app as root
from homeport.logs import configure
from homeport.settings import Settings
from homeport.staged import StagedApplication

settings = Settings.from_env(os.environ, needs=("DB_URI", "FLASK_KEY"))
configure(settings.logs)
_readers = root.create_app(settings, blueprints=root.FOR_READERS)


def _complete(readers: Flask) -> Flask:
    whole = root.complete(readers)
    root.load_templates(whole)
    return whole


app = StagedApplication(_readers, _complete)


def load_migrations() -> None:
    """Load what only a database that is new, or of an older release, needs; see `ops/webserver.py`."""
    import_module("alembic.command")


def prepare() -> None:
    """Do what needs the database; without it, the first request does it."""
    root.prepare(_readers)


def complete() -> None:
    """Load what readers need not wait for; their first worker answers meanwhile."""
    app.complete()
    import_module("homeport.jobs.worker")
    import_module("homeport.handlers")


def _work(promise: Callable[[float], None]) -> None:
    from homeport.handlers import REGISTRY  # noqa: PLC0415
    from homeport.jobs.worker import work_until_told  # noqa: PLC0415

    work_until_told(settings, REGISTRY, promise=promise)


work = _work if settings.jobs == "inline" else None
"""Done in a fork of the process that has loaded this module; see `ops/companion.py`."""
