"""Opens the site's ports; the supervisor keeps them, so that they stay open while the web server is started again."""

import contextlib
import errno
import socket
import time
from collections.abc import Sequence

from homeport.errors import UnavailableError

BACKLOG = 1024
PORTS_TO_TRY = 50
LOOPBACK = ("127.0.0.1", "::1")

_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


class PortBusyError(UnavailableError):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is in use by another program", hint="Choose another one with --port or PORT.")
        self.port = port


def listen(hosts: Sequence[str], port: int) -> list[socket.socket]:
    """Listen on all of these addresses that the machine has; raises PortBusyError when the port is taken on one."""
    with contextlib.ExitStack() as opened:
        listeners = [opened.enter_context(listener) for host in hosts if (listener := _open(host, port)) is not None]
        if not listeners:
            raise UnavailableError(f"this machine has no address {' or '.join(hosts)}", hint="Set HOST to one it has.")
        opened.pop_all()
        return listeners


def listen_on_loopback(port: int, *, may_move: bool, patience_seconds: float = 0.0) -> list[socket.socket]:
    """Listen where only this machine can reach, on the port or, if it may move, on the next free one.

    With patience, wait first for whoever has the port to let go of it.
    """
    deadline = time.monotonic() + patience_seconds
    for candidate in range(port, port + PORTS_TO_TRY):
        while True:
            try:
                return listen(LOOPBACK, candidate)
            except PortBusyError:
                if time.monotonic() < deadline:
                    time.sleep(0.05)
                elif may_move:
                    break
                else:
                    raise
    raise PortBusyError(port)


def port_of(listeners: Sequence[socket.socket]) -> int:
    """Return the port that the listeners share."""
    port: int = listeners[0].getsockname()[1]
    return port


def _open(host: str, port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        if error.errno in _NO_SUCH_ADDRESS:
            return None
        raise
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, host != "::")
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno in _NO_SUCH_ADDRESS:
            return None
        raise _explained(error, host, port) from error
    return listener


def _explained(error: OSError, host: str, port: int) -> UnavailableError:
    if error.errno == errno.EADDRINUSE:
        return PortBusyError(port)
    if error.errno == errno.EACCES:
        return UnavailableError(f"port {port} is reserved for root", hint="Choose one above 1023 with --port or PORT.")
    return UnavailableError(f"cannot listen on {host}: {error.strerror or error}", hint="Check HOST and PORT.")
