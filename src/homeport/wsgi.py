"""What Gunicorn loads, once, before it forks: the application of this environment, and what its companion does.

To import this loads nothing of the application: where pages are stored, readers get them before SQLAlchemy and Flask
are there. What comes later is loaded by `prepare` and `complete`.
"""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from homeport.cache.shared import SharedRevision
from homeport.logs import configure
from homeport.ops.gunicorn_config import STOCK_WORKER
from homeport.settings import Settings
from homeport.staged import StagedApplication

if TYPE_CHECKING:
    from flask import Flask

    from homeport.app import Pages
    from homeport.cache.answers import Answered
    from homeport.cache.store import PageStore

HEARING_SECONDS = 2.0
"""How long a worker that has nothing but stored pages waits to hear that they are up to date."""

settings = Settings.from_env(os.environ, needs=("DB_URI", "FLASK_KEY"))
configure(settings.logs)
_shared = SharedRevision()


def _open_store() -> "PageStore | None":
    if not settings.server.has_page_store:
        return None
    from homeport.cache.opening import open_store  # noqa: PLC0415 - not everybody stores pages

    return open_store(settings, _shared)


_store = _open_store()
can_open_with_stored_pages = settings.server.worker != STOCK_WORKER and _store is not None and _store.may_have("/")
"""Whether the first reader may be served before the application is loaded; Gunicorn's own worker cannot."""


def _load() -> "Flask":
    from homeport import app as root  # noqa: PLC0415 - stored pages are served before

    readers = root.create_app(settings, blueprints=root.FOR_READERS, pages=_pages())
    readers.extensions["homeport"].database.heed = _shared.heed
    return readers


def _complete(readers: "Flask") -> "Flask":
    from homeport import app as root  # noqa: PLC0415 - stored pages are served before

    whole = root.complete(readers, _pages())
    root.load_templates(whole)
    return whole


def _pages() -> "Pages | None":
    from homeport.app import STORED  # noqa: PLC0415 - stored pages are served before
    from homeport.cache.storing import Storing  # noqa: PLC0415 - the same

    return Storing(_store, STORED) if _store else None


def _offer(
    store: "PageStore",
) -> tuple["PageStore", Callable[[Sequence["Answered"]], None], Callable[[str], bool]]:
    from homeport.cache.lines import log_answered  # noqa: PLC0415 - only workers of ours answer by themselves
    from homeport.web.proxies import TrustedProxies  # noqa: PLC0415 - the same

    store.start()
    if not app.is_loaded:
        store.listener.wait_until_current(HEARING_SECONDS)
    proxies = TrustedProxies(settings.trusted_proxies)
    return store, lambda answered: log_answered(answered, proxies.client_of), proxies.trusts


app = StagedApplication(_load, _complete)
if _store is not None:
    app.offer_pages = lambda: _offer(_store)


def load_migrations() -> None:
    """Load what only a database that is new, or of an older release, needs; see `ops/webserver.py`."""
    import_module("alembic.command")


def load() -> None:
    """Load the pages of readers."""
    app.load()


def prepare() -> None:
    """Do what needs the database; without it, the first request does it."""
    from homeport import app as root  # noqa: PLC0415 - stored pages are served before

    root.prepare(app.load())


def complete() -> None:
    """Load what readers need not wait for; their first worker answers meanwhile."""
    app.complete()
    import_module("homeport.jobs.worker")
    import_module("homeport.handlers")


def _work(promise: Callable[[float], None]) -> None:
    from homeport.handlers import registry_of  # noqa: PLC0415 - the web server does not need it
    from homeport.jobs.worker import work_until_told  # noqa: PLC0415 - the web server does not need it

    # The application is there already, templates and all.
    store = _store
    registry = registry_of(lambda _: (app.complete(), store)) if store else registry_of()
    work_until_told(settings, registry, promise=promise)


work = _work if settings.jobs == "inline" else None
"""Done in a fork of the process that has loaded this module; see `ops/companion.py`."""
