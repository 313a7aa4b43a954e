"""The page store of one host: files that its workers share, and in each worker the hottest pages in memory."""

import json
import logging
import os
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from math import inf
from pathlib import Path

from homeport.cache.files import PageFiles, replace_file
from homeport.cache.improving import Improver
from homeport.cache.listener import Listener
from homeport.cache.memory import Held, Hottest
from homeport.cache.page import StoredPage
from homeport.cache.revision import Knowledge
from homeport.cache.shared import SharedRevision

MEMORY_BYTES = 8 * 1024 * 1024
DISK_BYTES = 256 * 1024 * 1024
LARGEST_PAGE_BYTES = 1024 * 1024
OUTAGE_SECONDS = 24 * 3600.0
"""How long readers are served what there is when nothing has been heard of the database."""

PATIENCE_SECONDS = 5.0
"""How long a page may be waited for that somebody else is rendering."""

HEARING_SECONDS = 0.1
"""How long it may take to hear of what was committed a moment ago."""

AWAY_SECONDS = 1.0
"""How often a page is asked of a database that is away, to see whether it is back."""

WRITTEN_SECONDS = 10.0
"""How often it is written down that the database was heard of."""

log = logging.getLogger("homeport.cache")


class PageStore:
    """Made before the fork; each process that calls `start` listens for itself and has a memory of its own."""

    def __init__(self, folder: Path, uri: str, shared: SharedRevision) -> None:
        self.files = PageFiles(folder, most_bytes=DISK_BYTES)
        self._uri = uri
        self._shared = shared
        self._lock = threading.Lock()
        self._process = 0
        self._away_until = 0.0
        self._written_at = float("-inf")
        self._written: Knowledge | None = None

    def start(self) -> None:
        """Begin to listen, once in each process."""
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process != os.getpid():
                self.memory = Hottest(MEMORY_BYTES)
                self.improver = Improver(self.keep)
                self.listener = Listener(self._uri, self._shared, self._recall(), self._remember)
                self.listener.start()
                self._process = os.getpid()

    def stop(self) -> None:
        """End what `start` began."""
        if self._process == os.getpid():
            self.improver.stop()
            self.listener.stop()
            self._process = 0

    def may_have(self, key: str) -> bool:
        """Say whether a page is stored, be it out of date or not; for who has heard nothing yet."""
        return self.files.has(key)

    def held(self, key: str) -> Held | None:
        """Return a page that is in memory and is what would be rendered now; for who has started, and cannot wait."""
        if not self.listener.is_current():
            return None
        found = self.memory.get(key)
        if found is None:
            return None
        if found.is_fresh(self.listener.knowledge):
            return found
        self.memory.forget(key)
        return None

    def find(self, key: str) -> Held | None:
        """Return a page that is what would be rendered now, from memory or from the disk."""
        if not self.is_current():
            return None
        found = self.held(key)
        if found is None and (page := self._read(key)) and self.listener.knowledge.is_fresh(page.tag):
            found = self.memory.put(page)
        return found

    def find_last(self, key: str) -> Held | None:
        """Return a page that was right when the database was heard of the last time, if that is not too long ago."""
        self.start()
        if self._silent_seconds() > OUTAGE_SECONDS:
            return None
        found = self.memory.get(key)
        if found is None and (page := self._read(key)):
            found = self.memory.put(page)
        return found if found and self.listener.knowledge.is_unchanged(found.page.tag) else None

    def keep(self, page: StoredPage) -> Held:
        """Store a page; a former one with the same content lends its encodings."""
        if page.size_bytes > LARGEST_PAGE_BYTES:
            return Held(page)
        former = self._read(page.key)
        if former is not None and former.etag == page.etag:
            better = {name: former.bodies[name] for name in former.best}
            newer = max(former.tag, page.tag, key=lambda tag: (tag.origin == page.tag.origin, tag.revision))
            best = tuple({*former.best, *page.best})
            page = replace(page, tag=newer, bodies={**former.bodies, **page.bodies, **better}, best=best)
        self.files.write(page.key, page.pack())
        return self.memory.put(page)

    def count(self, held: Held) -> None:
        """Count an answer; what is asked for again is worth better encodings."""
        if held.hit() == 2 and held.page.is_compressible:
            self.improver.improve(held.page)

    def is_current(self) -> bool:
        """Say whether all is known that was committed; waits a moment for what was committed just now."""
        self.start()
        return self.listener.is_current() or self.listener.wait_until_current(HEARING_SECONDS)

    def rendering(self, key: str) -> AbstractContextManager[None]:
        """Have others wait while a page is rendered: they find it in the store afterwards."""
        return self.files.claim(key, PATIENCE_SECONDS)

    def note_rendered(self) -> bool:
        """Note that all pages are being rendered; say whether something has changed since the last time."""
        known = self.listener.knowledge
        note, path = f"{known.origin} {known.revision} {known.changes_at}".encode(), self.files.folder / "rendered"
        try:
            if path.exists() and path.read_bytes() == note:
                return False
            replace_file(path, note)
        except OSError:
            # Where nothing can be written, nothing can be stored either.
            return False
        return True

    def is_away(self) -> bool:
        """Say whether the database was asked a moment ago and was away."""
        return time.monotonic() < self._away_until

    def note_away(self, seconds: float) -> None:
        """Say that the database is away, and how long it took to find out."""
        self._away_until = time.monotonic() + max(AWAY_SECONDS, 2 * seconds)

    def _read(self, key: str) -> StoredPage | None:
        data = self.files.read(key)
        return StoredPage.unpack(data, key) if data else None

    @property
    def _knowledge_path(self) -> Path:
        return self.files.folder / "knowledge"

    def _remember(self, knowledge: Knowledge) -> None:
        """Write down what is known, for a start without a database."""
        now = time.monotonic()
        if knowledge.revision == getattr(self._written, "revision", -1) and now - self._written_at < WRITTEN_SECONDS:
            return
        self._written, self._written_at = knowledge, now
        known = asdict(knowledge) | {"clock_offset": 0.0, "changes_at": None}
        try:
            replace_file(self._knowledge_path, json.dumps(known).encode())
        except OSError as error:
            log.warning("it cannot be noted that the database was heard of: %s", error.strerror)

    def _recall(self) -> Knowledge:
        try:
            known = json.loads(self._knowledge_path.read_bytes())
            return Knowledge(**{**known, "clock_offset": time.time() - time.monotonic(), "changes_at": inf})
        except (OSError, ValueError, TypeError):
            return Knowledge()

    def _silent_seconds(self) -> float:
        """Return for how long nothing was heard; over restarts, and before them, by the note's age."""
        if self.listener.has_heard:
            return self.listener.silent_seconds()
        try:
            return max(time.time() - self._knowledge_path.stat().st_mtime, 0.0)
        except OSError:
            return inf
