"""Other systems beside ours: the blog as taught is set up for the run; others are measured where they run already."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.orm import Session

from homeport.blog.models import Entry
from suite.site import COMMENTS, Base
from suite.target import Target, free_ports, program

TAUGHT = Path(__file__).parents[1] / "peers/taught"
PACKAGES = ("flask", "flask-login", "flask-sqlalchemy", "flask-wtf", "gunicorn", "psycopg2-binary")
WORKERS = 4
FILL = "import json, sys; from blog import fill; fill(json.load(sys.stdin), int(sys.argv[1]))"


@contextmanager
def taught(folder: Path, base: Base) -> Iterator[list[Target]]:
    """Run the blog as taught, with our posts, on our database server."""
    place, [port] = folder / "environment", free_ports(1)
    subprocess.run([sys.executable, "-m", "venv", place], check=True, capture_output=True)
    subprocess.run([place / "bin/pip", "install", "-q", *PACKAGES], check=True, capture_output=True)
    surroundings = {**os.environ, "DB_URI": _fill(place / "bin/python", base), "PYTHONPATH": ""}
    command = [
        "env",
        *(f"{name}={surroundings[name]}" for name in ("DB_URI", "PYTHONPATH")),
        str(place / "bin/gunicorn"),
    ]
    command += [
        "--no-control-socket",
        "-w",
        str(WORKERS),
        "-b",
        f"127.0.0.1:{port}",
        "--chdir",
        str(TAUGHT),
        "blog:app",
    ]
    with program(command, port, log=folder / "log") as pid:
        pages = {"post": "/post/100", "home": "/", "feed": "/feed"}
        yield [
            Target(f"blog as taught, {page}", f"http://127.0.0.1:{port}{path}", (pid, base.process), encoding="")
            for page, path in pages.items()
        ]


def running(told: str) -> Target:
    """Return a system that runs already, as NAME=ADDRESS=PROCESS[,PROCESS...]."""
    name, address, processes = told.split("=", 2)
    return Target(name, address, tuple(map(int, processes.split(","))), encoding="")


def _fill(python: Path, base: Base) -> str:
    """Make its database with our posts in it; return its address."""
    engine = create_engine(base.uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("create database taught"))
    with Session(engine) as session:
        posts = [[title, html] for title, html in session.execute(select(Entry.title, Entry.html))]
    engine.dispose()
    uri = make_url(base.uri).set(drivername="postgresql+psycopg2", database="taught")
    given = {**os.environ, "DB_URI": uri.render_as_string(hide_password=False), "PYTHONPATH": str(TAUGHT)}
    subprocess.run([python, "-c", FILL, str(COMMENTS)], input=json.dumps(posts), text=True, check=True, env=given)
    return given["DB_URI"]
