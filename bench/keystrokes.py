#!/usr/bin/env python3
"""What a key costs in the editor, as a multiple of the same key in a bare textarea with the same text.

Run it with `bin/bench keystrokes` (Chromium has to be there). It serves a site of its own and types in
the middle of a text, in the editor with its preview open and in a page with nothing but a textarea, in turns: first as
fast as keys come, then with pauses in which everything that waits for one is done. The times are CPU time of the
page's main thread, so what else the machine does disturbs them little.
"""

import argparse
import shutil
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from homeport.accounts.models import Account, Author
from homeport.accounts.signins import open_sign_in
from homeport.app import create_app, prepare
from homeport.blog.actions import AuthorInput, EntryInput, create_entry
from homeport.db.session import Database
from homeport.ops.postgres import running
from homeport.settings import Settings
from homeport.web.crosssite import LOCAL_COOKIE

PARAGRAPH = (
    "The stove takes an *hour* to warm the room, and in that hour I write **letters** to [her](/posts/her), "
    "count `logs`, and read.[^1] " * 3
)
BURST_MS, PAUSES_MS = 20, 700
BARE = "<!doctype html><textarea id='source' rows='40' cols='80'></textarea>"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PUT = """text => {
  const area = document.querySelector('#source');
  if (text !== null) area.value = text;
  area.focus();
  area.setSelectionRange(area.value.length / 2, area.value.length / 2);
}"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one key took of the main thread, in milliseconds: our scripts alone, and everything."""

    script_ms: float
    all_ms: float


class Quiet(WSGIRequestHandler):
    """Keeps the server's access log out of the figures."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Say nothing."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kilobytes", type=int, nargs="+", default=[10, 100, 400])
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as uri, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        database = Database(uri)
        settings = Settings.from_env({"DATA_DIR": folder, "FLASK_KEY": "a key for measuring only"})
        app = create_app(settings, database=database)
        prepare(app)
        with served(app) as address:
            print(f"{'text':>7} {'typing':<12} {'script':>9} {'all':>9} {'bare':>9} {'ratio':>6}   (ms a key)")
            for size in options.kilobytes:
                measure(browser, database, address, size * 1000, keys=options.keys, rounds=options.rounds)
        database.dispose()
        browser.close()


def measure(browser: Browser, database: Database, address: str, size: int, *, keys: int, rounds: int) -> None:
    """Print what keys cost in a text of this size."""
    source = text_of(size)
    with database.transaction() as session:
        path, token = make_draft(session, source)
    page, bare = (browser.new_page(viewport={"width": 1280, "height": 800}) for _ in range(2))
    page.context.add_cookies([{"name": LOCAL_COOKIE, "value": token, "url": address}])
    page.goto(address + path)
    page.frame_locator("#preview iframe").locator(".prose").wait_for()
    page.evaluate(PUT, None)
    bare.set_content(BARE)
    bare.evaluate(PUT, source)
    for name, pace_ms, count in (("in a burst", BURST_MS, keys), ("with pauses", PAUSES_MS, max(5, keys // 4))):
        tried = [(type_keys(page, count, pace_ms), type_keys(bare, count, pace_ms)) for _ in range(rounds)]
        script = statistics.median(ours.script_ms for ours, _ in tried)
        whole = statistics.median(ours.all_ms for ours, _ in tried)
        theirs = statistics.median(others.all_ms for _, others in tried)
        print(f"{size // 1000:>4} KB {name:<12} {script:>9.2f} {whole:>9.2f} {theirs:>9.2f} {whole / theirs:>6.1f}")
    page.close()
    bare.close()


def type_keys(page: Page, count: int, pace_ms: int) -> Cost:
    """Type and return what a key cost."""
    page.bring_to_front()
    page.wait_for_timeout(1500)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = times(cdp)
    for _ in range(count):
        page.keyboard.press("e")
        page.wait_for_timeout(pace_ms)
    after = times(cdp)
    cdp.detach()
    script, task = (1000 * (after[name] - before[name]) / count for name in ("ScriptDuration", "TaskDuration"))
    return Cost(script, task)


def times(cdp: CDPSession) -> dict[str, float]:
    """Return how long the main thread has worked, by kind of work."""
    return {each["name"]: each["value"] for each in cdp.send("Performance.getMetrics")["metrics"]}


def text_of(size: int) -> str:
    """Return a text with a heading every few paragraphs."""
    parts = (f"## Part {number}\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n" for number in range(size // len(PARAGRAPH)))
    return "".join(parts)[:size]


def make_draft(session: Session, source: str) -> tuple[str, str]:
    """Store a draft; return the path of its editor and the cookie of its author."""
    name = f"ada{len(source)}"
    author = Author(name="Ada", slug=name)
    session.add(author)
    session.flush()
    account = Account(name=name, role="owner", author_id=author.id)
    session.add(account)
    session.flush()
    entry = create_entry(session, EntryInput(title="Long", slug=name, source=source, authors=(AuthorInput("Ada"),)))
    return f"/studio/entries/{entry.public_id}", open_sign_in(session, account.id, method="password")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    main()
