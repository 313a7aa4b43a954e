"""What Gunicorn loads, once, before it forks: the application of this environment, and what its companion does."""

import os
from collections.abc import Callable

from homeport.app import REGISTRY, create_app, prepare
from homeport.jobs.worker import work_until_told
from homeport.logs import configure
from homeport.settings import Settings

settings = Settings.from_env(os.environ, needs=("DB_URI", "FLASK_KEY"))
configure(settings.logs)
app = create_app(settings)
prepare(app)


def _work(promise: Callable[[float], None]) -> None:
    work_until_told(settings, REGISTRY, promise=promise)


work = _work if settings.jobs == "inline" else None
"""Done in a fork of the process that has loaded this module; see `ops/companion.py`."""
