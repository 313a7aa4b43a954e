"""Makes the encodings of pages smaller that are asked for again and again, while nobody waits for it."""

import gzip
import queue
import threading
from collections.abc import Callable

import brotli

from homeport.cache.page import StoredPage

MOST_WAITING = 1000


def compress_fast(encoding: str, body: bytes) -> bytes:
    """Compress at a level that costs less than the transfer it saves on a slow line."""
    return bytes(brotli.compress(body, quality=5)) if encoding == "br" else gzip.compress(body, 6, mtime=0)


def compress_best(encoding: str, body: bytes) -> bytes:
    """Compress as well as it can be done."""
    return bytes(brotli.compress(body, quality=11)) if encoding == "br" else gzip.compress(body, 9, mtime=0)


class Improver:
    """One thread that compresses one page after the other; it lives while there is something to do."""

    def __init__(self, keep: Callable[[StoredPage], object]) -> None:
        self._keep = keep
        self._waiting: queue.Queue[StoredPage | None] = queue.Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def improve(self, page: StoredPage) -> None:
        """Have the page made smaller some time; when too many wait already, it is done after a later hit."""
        if set(page.best) >= set(page.bodies) - {""} or self._waiting.full():
            return
        self._waiting.put(page)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="improver", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Leave undone what waits."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _run(self) -> None:
        while page := self._waiting.get():
            for encoding in page.bodies:
                if encoding and encoding not in page.best:
                    # More effort is not always rewarded.
                    smaller = min(compress_best(encoding, page.bodies[""]), page.bodies[encoding], key=len)
                    page = page.with_body(encoding, smaller, is_best=True)
            self._keep(page)
