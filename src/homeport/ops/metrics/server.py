"""Tells Prometheus: the process of `/metrics`, which the supervisor starts and keeps; nobody else starts it."""

import argparse
import os
import socket
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from homeport import logs
from homeport.errors import HomeportError, UnavailableError
from homeport.ops.exits import exit_code, explain
from homeport.ops.listening import LOOPBACK, listen
from homeport.ops.metrics.collecting import Collector
from homeport.ops.metrics.counters import Counters
from homeport.ops.metrics.exposition import CONTENT_TYPE, expose
from homeport.settings import Settings

PATH = "/metrics"
LOOK_EVERY_SECONDS = 1.0
CLIENT_SECONDS = 5.0
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


class Handler(BaseHTTPRequestHandler):
    """Answers one path, and says of everything else that it is not here."""

    server: "Server"
    timeout = CLIENT_SECONDS

    def do_GET(self) -> None:
        """Answer."""
        is_known = self.path.partition("?")[0] == PATH
        body = self.server.tell() if is_known else b"There is only /metrics here.\n"
        self.send_response(200 if is_known else 404)
        self.send_header("Content-Type", CONTENT_TYPE if is_known else "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the name that it has there
        """Say nothing: whoever watches asks every few seconds."""


class Server(ThreadingHTTPServer):
    """Serves on a socket that is already open."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, collector: Collector) -> None:
        super().__init__(listener.getsockname()[:2], Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.collector = collector
        self._one_by_one = threading.Lock()

    def tell(self) -> bytes:
        """Return everything that is known; a flood of questions asks the database one by one."""
        with self._one_by_one:
            return expose(self.collector.collect()).encode()


def addresses_of(host: str) -> tuple[str, ...]:
    """Return where to listen: at loopback always, and at the addresses of a name that are this machine's.

    Raises UnavailableError when nobody knows the name.
    """
    if host in EVERYWHERE:
        return (host,)
    try:
        found = [str(place[0]) for *_rest, place in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise UnavailableError(f"METRICS_HOST: nobody knows {host}", hint="Name this machine.") from error
    return tuple(dict.fromkeys((*LOOPBACK, *found)))


def serve(collector: Collector) -> None:
    """Serve until the supervisor is gone."""
    server = collector.settings.server
    for listener in listen(addresses_of(server.metrics_host), server.metrics_port):
        threading.Thread(target=Server(listener, collector).serve_forever, daemon=True).start()
    while os.getppid() == collector.supervisor:
        time.sleep(LOOK_EVERY_SECONDS)


def main(arguments: Sequence[str]) -> int:
    """Serve; return a code after one line that says why."""
    parser = argparse.ArgumentParser(prog="homeport.ops.metrics.server")
    parser.add_argument("--counters", type=int, required=True, help="descriptor of the workers' counters")
    options = parser.parse_args(arguments)
    supervisor = os.getppid()
    try:
        settings = Settings.from_env(os.environ)
        logs.configure(settings.logs)
        serve(Collector(Counters(options.counters), settings, supervisor))
    except HomeportError as error:
        explain(error)
        return exit_code(error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
