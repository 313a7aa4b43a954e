"""What Gunicorn loads, once, before it forks: the application of this environment, and what its companion does."""

import os
from collections.abc import Callable
from importlib import import_module

from homeport import app as root
from homeport.jobs.worker import work_until_told
from homeport.logs import configure
from homeport.settings import Settings

settings = Settings.from_env(os.environ, needs=("DB_URI", "FLASK_KEY"))
configure(settings.logs)
app = root.create_app(settings)
root.load_templates(app)


def load_migrations() -> None:
    """Load what only a database that is new, or of an older release, needs; see `ops/webserver.py`."""
    import_module("alembic.command")


def prepare() -> None:
    """Do what needs the database; without it, the first request does it."""
    root.prepare(app)


def _work(promise: Callable[[float], None]) -> None:
    work_until_told(settings, root.REGISTRY, promise=promise)


work = _work if settings.jobs == "inline" else None
"""Done in a fork of the process that has loaded this module; see `ops/companion.py`."""
