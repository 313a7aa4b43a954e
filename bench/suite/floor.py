"""What Python's servers cost when the application does nothing: the floor under every page that is made."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from suite.files import PAGE, WORKERS
from suite.target import Target, free_ports, program

GRANIAN = "granian==2.8.7"
SERVING = """
BODY = open({body!r}, "rb").read()
HEADERS = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", str(len(BODY)))]
"""
BARE = """
def app(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""
FLASK = """
from flask import Flask, Response
app = Flask(__name__)

@app.get("/posts/<slug>")
def post(slug):
    return Response(BODY, headers=HEADERS)
"""


def bare_wsgi(folder: Path, body: bytes) -> AbstractContextManager[Target]:
    """Run an application that has the page ready, on Gunicorn as it comes."""
    return _on_gunicorn("bare WSGI", BARE, folder, body)


def bare_flask(folder: Path, body: bytes) -> AbstractContextManager[Target]:
    """Run a view that has the page ready, on Gunicorn as it comes."""
    return _on_gunicorn("bare Flask", FLASK, folder, body)


def _on_gunicorn(name: str, source: str, folder: Path, body: bytes) -> AbstractContextManager[Target]:
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", str(WORKERS), "--threads", "4"]
    command += ["--no-control-socket", "--chdir", str(folder), "-b", "127.0.0.1:{port}", "bare:app"]
    return _running(f"{name}, stock gthread", source, folder, body, command)


def on_granian(program_file: Path, folder: Path, body: bytes) -> AbstractContextManager[Target]:
    """Run the bare application on a server that is written in Rust; for orientation."""
    command = [str(program_file), "--interface", "wsgi", "--workers", str(WORKERS), "--working-dir", str(folder)]
    command += ["--host", "127.0.0.1", "--port", "{port}", "--no-ws", "--http", "1", "bare:app"]
    return _running("bare WSGI, Granian", BARE, folder, body, command)


def install_granian(folder: Path) -> Path | None:
    """Return the program, installed for this run only; None where it cannot be."""
    place = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", place], check=True, capture_output=True)
    done = subprocess.run([place / "bin/pip", "install", "-q", GRANIAN], check=False, capture_output=True)
    return place / "bin/granian" if done.returncode == 0 else None


@contextmanager
def _running(name: str, source: str, folder: Path, body: bytes, command: list[str]) -> Iterator[Target]:
    folder.mkdir(parents=True)
    (folder / "body").write_bytes(body)
    (folder / "bare.py").write_text(SERVING.format(body=str(folder / "body")) + source)
    [port] = free_ports(1)
    with program([part.format(port=port) for part in command], port, log=folder / "log") as pid:
        yield Target(name, f"http://127.0.0.1:{port}{PAGE}", (pid,))
