"""The newest revision that any process of this site has committed or heard of, in memory that all of them share."""

import mmap
import os
import re
import struct
import threading
from collections.abc import Sequence
from typing import Any

_NOTICE = re.compile(r"homeport content (\d+)")
_PLACES = 64
_FORM = f"{_PLACES}q"


class SharedRevision:
    """Made before the fork; each process writes in a place of its own, so that none needs a lock of another one."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        self._lock = threading.Lock()
        self._seen: tuple[bytes, int] = (b"", 0)

    def get(self) -> int:
        """Return the newest revision."""
        seen, revision = self._seen
        memory = self._memory[: _PLACES * 8]
        if memory != seen:
            revision = max(struct.unpack(_FORM, memory))
            self._seen = (memory, revision)
        return revision

    def tell(self, revision: int) -> None:
        """Say that this revision is committed."""
        with self._lock:
            place = os.getpid() % _PLACES * 8
            if revision > struct.unpack_from("q", self._memory, place)[0]:
                struct.pack_into("q", self._memory, place, revision)

    def forget(self) -> None:
        """Begin at zero: the database has become another one, or an older one."""
        self._memory[: _PLACES * 8] = bytes(_PLACES * 8)

    def heed(self, notices: Sequence[Any]) -> None:
        """Take the revision from what the server has said to the connection that raised it.

        It is said together with the word that the transaction is committed, before anybody else can hear of that.
        """
        for notice in notices:
            if found := _NOTICE.search(str(notice)):
                self.tell(int(found[1]))
