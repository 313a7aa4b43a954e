"""Receives and sends what goes at once, without letting other threads of the process run meanwhile.

Python gives its lock away for each system call on a socket, and gets it back only when a thread that renders a page has
had its turn: several milliseconds, twice for each answer. The calls here take microseconds and never wait, so they
keep the lock. Where the C library cannot be called so, they are Python's own.
"""

import ctypes
import os
import socket

READ_BYTES = 16384


def receive_usual(descriptor: int) -> bytes | None:
    """Return the bytes that are there: none at all at the end of the connection, None when there are none yet."""
    try:
        return os.read(descriptor, READ_BYTES)
    except BlockingIOError:
        return None


def send_usual(descriptor: int, data: bytes) -> int:
    """Send what the client takes at once; return how many bytes that were."""
    try:
        return os.write(descriptor, data)
    except BlockingIOError:
        return 0


class _Quick:
    """The same by the C library; `receive` is for one thread only, because there is one buffer."""

    def __init__(self) -> None:
        library = ctypes.PyDLL(None, use_errno=True)
        self._recv, self._send = library.recv, library.send
        self._recv.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        self._send.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int)
        self._recv.restype = self._send.restype = ctypes.c_ssize_t
        self._flags = socket.MSG_DONTWAIT
        self._buffer = ctypes.create_string_buffer(READ_BYTES)
        self._address = ctypes.addressof(self._buffer)
        self._view = memoryview(self._buffer).cast("B")

    def receive(self, descriptor: int) -> bytes | None:
        length = self._recv(descriptor, self._address, READ_BYTES, self._flags)
        if length >= 0:
            return bytes(self._view[:length])
        _raise_unless_it_would_wait()
        return None

    def send(self, descriptor: int, data: bytes) -> int:
        sent: int = self._send(descriptor, data, len(data), self._flags)
        if sent >= 0:
            return sent
        _raise_unless_it_would_wait()
        return 0


def _raise_unless_it_would_wait() -> None:
    try:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    except (BlockingIOError, InterruptedError):
        return


try:
    _quick = _Quick()
except (AttributeError, OSError, TypeError):
    receive, send = receive_usual, send_usual
else:
    receive, send = _quick.receive, _quick.send
