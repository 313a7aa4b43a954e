"""What Gunicorn loads, once, before it forks: the application of this environment, and what its companion does."""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask

from homeport import app as root
from homeport.cache.shared import SharedRevision
from homeport.logs import configure
from homeport.settings import Settings
from homeport.staged import StagedApplication

if TYPE_CHECKING:
    from homeport.cache.answers import Answered
    from homeport.cache.store import PageStore

settings = Settings.from_env(os.environ, needs=("DB_URI", "FLASK_KEY"))
configure(settings.logs)
_readers = root.create_app(settings, blueprints=root.FOR_READERS)
_shared = SharedRevision()
_stored: list[tuple[Flask, "PageStore"]] = []
_readers.extensions["homeport"].database.heed = _shared.heed


def _complete(readers: Flask) -> Flask:
    from homeport.cache.storing import Storing  # noqa: PLC0415 - the first readers do not wait for it

    store = root.page_store(settings, _shared) if settings.server.has_page_store else None
    whole = root.complete(readers, Storing(store, root.STORED) if store else None)
    root.load_templates(whole)
    if store is not None:
        app.offer_pages = lambda: _offer(store)
        _stored[:] = [(whole, store)]
    return whole


def _offer(store: "PageStore") -> tuple["PageStore", Callable[[Sequence["Answered"]], None]]:
    from homeport.web.proxies import TrustedProxies  # noqa: PLC0415 - only a whole site offers pages
    from homeport.web.requests import log_answered  # noqa: PLC0415 - the same

    store.start()
    proxies = TrustedProxies(settings.trusted_proxies)
    return store, lambda answered: log_answered(answered, proxies.client_of)


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
    from homeport.handlers import registry_of  # noqa: PLC0415
    from homeport.jobs.worker import work_until_told  # noqa: PLC0415

    # The application is there already, templates and all.
    registry = registry_of(lambda _: _stored[0]) if _stored else registry_of()
    work_until_told(settings, registry, promise=promise)


work = _work if settings.jobs == "inline" else None
"""Done in a fork of the process that has loaded this module; see `ops/companion.py`."""
