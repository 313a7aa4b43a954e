"""The pages that are asked for most, in the memory of one worker."""

import threading
from typing import Any

from homeport.cache.page import StoredPage
from homeport.cache.revision import Knowledge

TRIES = 3
"""Who is asked for again keeps its place this often when room is made; nobody keeps it for ever."""


class Held:
    """A page in memory, and how it is being used."""

    __slots__ = ("_unchanged_by", "answers", "hits", "lives", "page")

    def __init__(self, page: StoredPage) -> None:
        self.page = page
        self.hits = 0
        self.lives = 0
        # Whole answers, made when they are sent for the first time.
        self.answers: dict[tuple[str, str, bool], Any] = {}
        self._unchanged_by: Knowledge | None = None

    def hit(self) -> int:
        """Count an answer; return how many there were."""
        self.hits += 1
        if self.lives < TRIES:
            self.lives += 1
        return self.hits

    def is_fresh(self, known: Knowledge) -> bool:
        """Say whether this is what would be rendered now."""
        # What is known is replaced as a whole, so that it has to be looked through only once.
        if known is not self._unchanged_by:
            if not known.is_unchanged(self.page.tag):
                return False
            self._unchanged_by = known
        return not known.is_over(self.page.tag.until)


class Hottest:
    """Bounded in bytes. Threads may look at any time; only who puts something in waits for others who do."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: dict[str, Held] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> Held | None:
        """Return what is held under a key."""
        return self._held.get(key)

    def put(self, page: StoredPage) -> Held:
        """Hold a page, in the place of a former one under its key."""
        held = Held(page)
        with self._lock:
            self._remove(page.key)
            self._held[page.key] = held
            self._bytes += page.size_bytes
            while self._bytes > self._most_bytes and len(self._held) > 1:
                self._evict()
        return held

    def forget(self, key: str) -> None:
        """Hold a page no more."""
        with self._lock:
            self._remove(key)

    def _evict(self) -> None:
        """Let the oldest go, unless it was asked for meanwhile: then it is the newest again, with one life less."""
        key, held = next(iter(self._held.items()))
        del self._held[key]
        if held.lives > 0:
            held.lives -= 1
            self._held[key] = held
        else:
            self._bytes -= held.page.size_bytes

    def _remove(self, key: str) -> None:
        former = self._held.pop(key, None)
        if former is not None:
            self._bytes -= former.page.size_bytes
