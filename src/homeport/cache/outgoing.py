"""What a client has yet to take of its answer, so that no thread has to stand by while it does."""

import errno
import os
import socket
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

# After this much it is the turn of others.
STEP_BYTES = 4 * 1024 * 1024


@dataclass(slots=True)
class MemoryPart:
    """Bytes of which the first are sent."""

    data: memoryview
    sent: int = 0


@dataclass(slots=True)
class FilePart:
    """A part of a file that is open for us alone."""

    descriptor: int
    offset: int
    count: int


class Outgoing:
    """The parts of an answer that wait for their client, in order."""

    def __init__(self) -> None:
        self._parts: deque[MemoryPart | FilePart] = deque()
        # What it keeps in memory: a part of which only the last byte is missing is still there as a whole.
        self.memory_bytes = 0

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, data: memoryview) -> None:
        """Put bytes at the end; they are not copied."""
        if data:
            self._parts.append(MemoryPart(data))
            self.memory_bytes += len(data)

    def add_file(self, descriptor: int, offset: int, count: int) -> None:
        """Put a part of a file at the end; its owner may close it, or remove it."""
        if count:
            self._parts.append(FilePart(os.dup(descriptor), offset, count))

    def send(self, client: socket.socket) -> int:
        """Send what the client takes at once; return how many bytes that were."""
        total = 0
        with suppress(BlockingIOError):
            while self._parts and total < STEP_BYTES:
                total += self._send_first(client)
        return total

    def clear(self) -> None:
        """Forget everything: the client has left."""
        while self._parts:
            self._remove_first()

    def _send_first(self, client: socket.socket) -> int:
        part = self._parts[0]
        if isinstance(part, FilePart):
            sent = os.sendfile(client.fileno(), part.descriptor, part.offset, min(part.count, STEP_BYTES))
            if sent == 0:
                raise ConnectionResetError(errno.ECONNRESET, "the file has become shorter")
            part.offset += sent
            part.count -= sent
            if not part.count:
                self._remove_first()
            return sent
        # The client's own `send` would only bring it back here.
        sent = socket.socket.send(client, part.data[part.sent :])
        part.sent += sent
        if part.sent == len(part.data):
            self._remove_first()
        return sent

    def _remove_first(self) -> None:
        part = self._parts.popleft()
        if isinstance(part, FilePart):
            os.close(part.descriptor)
        else:
            self.memory_bytes -= len(part.data)
