"""Starts Homeport as it is, with the blog of all measurements and three comments on each post."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import fill
from homeport.blog.models import Entry
from homeport.comments.models import Response
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.ops import process
from homeport.ops.listening import listen
from homeport.ops.postgres import running
from homeport.ops.webservice import WebService
from suite import machine
from suite.target import get

POSTS = 200
COMMENTS = 3
MOST_COMMENTS = 30
POST, HOME, FEED = "/posts/post-150", "/", "/feed.atom"
ENOUGH = 20
IDLE_CPU_SECONDS = 0.05
KEY = "a key for measuring only"


@dataclass(frozen=True)
class Base:
    """A database with the blog in it, and its processes."""

    uri: str
    process: int


@dataclass(frozen=True)
class Site:
    """Homeport that runs on it."""

    port: int
    web: int
    base: Base

    @property
    def processes(self) -> tuple[int, int]:
        """All that work when a page is made."""
        return self.web, self.base.process


@contextmanager
def filled_base(folder: Path, *, posts: int = POSTS) -> Iterator[Base]:
    """Run a database of the site's own kind."""
    with running(folder) as uri:
        database = Database(uri)
        bring_up_to_date(database.engine)
        with database.transaction() as session:
            fill(session, posts)
            add_comments(session)
        database.dispose()
        [identity] = folder.rglob("postmaster.pid")
        yield Base(uri, int(identity.read_text().split()[0]))


def add_comments(session: Session) -> None:
    """Put some under each post."""
    for entry in session.scalars(select(Entry.id)):
        for number in range(COMMENTS):
            session.add(_comment(entry, number))


def comment_on(session: Session, path: str) -> None:
    """Put one more under a post; beyond some, the oldest is taken away, so that the page does not grow."""
    entry = session.scalars(select(Entry.id).where(Entry.slug == path.rpartition("/")[2])).one()
    there = session.scalars(select(Response).where(Response.entry_id == entry).order_by(Response.id)).all()
    if len(there) >= MOST_COMMENTS:
        session.delete(there[0])
    session.add(_comment(entry, len(there)))


def _comment(entry: int, number: int) -> Response:
    text = f"What you say of {entry} is true, and I would add point {number}."
    return Response(entry_id=entry, writer_name=f"Reader {number}", state="shown", text=text, html=f"<p>{text}</p>")


@contextmanager
def homeport(folder: Path, base: Base, *, workers: int = 2, **settings: str) -> Iterator[Site]:
    """Run the site's web server as the supervisor does, with its log in a file."""
    [listener] = listen(["127.0.0.1"], 0)
    given = {"DATA_DIR": str(folder), "DB_URI": base.uri, "FLASK_KEY": KEY, "JOBS": "off", "WEB_WORKERS": str(workers)}
    # A switch of development would make Python compile the site anew at each start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    web = WebService([listener], {**inherited, **given, **settings})
    try:
        _start_quietly(web, folder)
        assert process.wait_until(lambda: not web.fault(time.monotonic()) and web.is_serving, 30)
        assert web.child is not None
        settle(web.child.pid)
        yield Site(listener.getsockname()[1], web.child.pid, base)
    finally:
        web.stop()
        listener.close()


def settle(web: int) -> None:
    """Wait until a server that has just started does nothing more: it loads what readers do not need last."""
    spent = machine.cpu_seconds([web])
    while True:
        time.sleep(1)
        before, spent = spent, machine.cpu_seconds([web])
        if spent - before < IDLE_CPU_SECONDS:
            return


def _start_quietly(web: WebService, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kept = os.dup(2)
    with (folder / "log").open("w") as log:
        os.dup2(log.fileno(), 2)
        web.start()
        os.dup2(kept, 2)
    os.close(kept)


def warmed(site: Site, path: str, encoding: str) -> bytes:
    """Return a page as it is sent once every worker has it and it is compressed as well as it gets."""
    headers = {"Accept-Encoding": encoding} if encoding else {}
    kept = 0
    while kept < ENOUGH:
        body, answer = get(site.port, path, headers)
        # Just after the start nothing is kept: the workers have not heard of the database yet.
        kept += "X-Accel-Expires" in answer
        time.sleep(0.05)
    return body
