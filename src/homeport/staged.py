"""Answers readers while the rest of the site is still being loaded, so that a start waits only for what they need."""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIEnvironment

if TYPE_CHECKING:
    from flask import Flask

READING = ("GET", "HEAD")
LATER = "/comments/"
LATER_ENDINGS = (".atom", ".rss", ".json", ".xml", ".txt")
"""What only programs ask for, and may wait a moment for."""


class StagedApplication:
    """First what is stored, then the pages of readers, then everything.

    The master calls `load` and `complete` when it is time for them, and so does whoever cannot wait for that.
    """

    def __init__(self, load: Callable[[], "Flask"], complete: Callable[["Flask"], "Flask"]) -> None:
        self._load = load
        self._complete = complete
        self._app: Flask | None = None
        self._lock = threading.RLock()
        self.is_complete = False
        self.offer_pages: Callable[[], object] | None = None
        """Gives a worker the stored pages that it may answer by itself, what logs them, and who is trusted."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; one that readers' pages have nothing for has the rest loaded first."""
        app = self._app or self.load()
        if not self.is_complete and not is_for_readers(environ):
            app = self.complete()
        return app(environ, start_response)

    @property
    def is_loaded(self) -> bool:
        """Whether it has anything beside the stored pages."""
        return self._app is not None

    def load(self) -> "Flask":
        """Load the pages of readers, once."""
        with self._lock:
            if self._app is None:
                self._app = self._load()
            return self._app

    def complete(self) -> "Flask":
        """Load the rest, once."""
        with self._lock:
            app = self.load()
            if not self.is_complete:
                self._app = app = self._complete(app)
                self.is_complete = True
            return app


def is_for_readers(environ: WSGIEnvironment) -> bool:
    """Say whether readers' pages are all that may have an answer."""
    from homeport.web.studio import is_private  # noqa: PLC0415 - stored pages are served before Flask is loaded

    path = environ.get("PATH_INFO", "")
    is_later = is_private(path) or path.startswith(LATER) or path.endswith(LATER_ENDINGS)
    return environ["REQUEST_METHOD"] in READING and not is_later
