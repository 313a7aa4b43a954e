"""Answers readers while the rest of the site is still being loaded, so that a start waits only for what they need."""

import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from homeport.web.studio import is_private

READING = ("GET", "HEAD")
LATER = "/comments/"
LATER_ENDINGS = (".atom", ".rss", ".json", ".xml", ".txt")
"""What only programs ask for, and may wait a moment for."""


class StagedApplication:
    """First the pages of readers, then everything: `complete` is called by the master, or by who cannot wait for it."""

    def __init__(self, readers: Flask, complete: Callable[[Flask], Flask]) -> None:
        self._app = readers
        self._complete = complete
        self._lock = threading.Lock()
        self.is_complete = False
        self.offer_pages: Callable[[], object] | None = None
        """Gives a worker the stored pages that it may answer by itself, and what logs such an answer."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; one that readers' pages have nothing for has the rest loaded first."""
        if not self.is_complete and not is_for_readers(environ):
            self.complete()
        return self._app(environ, start_response)

    def complete(self) -> None:
        """Load the rest, once."""
        with self._lock:
            if not self.is_complete:
                self._app = self._complete(self._app)
                self.is_complete = True


def is_for_readers(environ: WSGIEnvironment) -> bool:
    """Say whether readers' pages are all that may have an answer."""
    path = environ.get("PATH_INFO", "")
    is_later = is_private(path) or path.startswith(LATER) or path.endswith(LATER_ENDINGS)
    return environ["REQUEST_METHOD"] in READING and not is_later
