"""The groups of figures: stored pages, pages that are made, the edge, both at once, memory, weight."""

import re
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import brotli
from sqlalchemy import event

from homeport.app import create_app
from homeport.db.session import Database
from homeport.settings import Settings
from suite import floor, machine, peers, site
from suite.edge import NAME, edge
from suite.files import nginx_static
from suite.load import headers_of, load, read_wrk, start_wrk
from suite.rows import Row
from suite.site import FEED, HOME, KEY, POST, Base
from suite.target import Target, get
from suite.turns import cost_rows, in_turns, ratio_row, wire_rows

STORED, STATIC = "stored post", "nginx, a file"
BESIDE, BESIDE_TLS = "nginx, a file, beside the edge", "nginx, a file, TLS, beside the edge"
EDGE, EDGE_TLS = "edge, stored post", "edge, stored post, TLS"
READERS = 4
"""As many as a worker has threads: more of them would wait for each other, and be counted by halves at the end."""


@dataclass(frozen=True)
class Run:
    """What the groups share: a place, a database with the blog in it, and how long to look."""

    folder: Path
    base: Base
    rounds: int
    seconds: float


def stored(run: Run, *, has_floor: bool, has_granian: bool) -> list[Row]:
    """Measure a stored post from Gunicorn alone beside the limit and the floor."""
    with ExitStack() as stack:
        ours = stack.enter_context(site.homeport(run.folder / "stored", run.base))
        body = site.warmed(ours, POST, "gzip")
        static, _ = stack.enter_context(nginx_static(run.folder / "static", body))
        targets = [static, Target(STORED, f"http://127.0.0.1:{ours.port}{POST}", ours.processes)]
        if has_floor:
            targets.append(stack.enter_context(floor.bare_wsgi(run.folder / "wsgi", body)))
            targets.append(stack.enter_context(floor.bare_flask(run.folder / "flask", body)))
        granian = floor.install_granian(run.folder / "granian") if has_granian else None
        if granian:
            targets.append(stack.enter_context(floor.on_granian(granian, run.folder / "on-granian", body)))
        rounds = in_turns(targets, rounds=run.rounds, seconds=run.seconds)
        rows = cost_rows(rounds, {STORED: "<= 0.03"})
        rows.append(ratio_row(f"{STORED}: CPU, times nginx with a file", rounds[STORED], rounds[STATIC], "<= 1.3"))
        return rows + wire_rows(targets[:2])


def made(run: Run) -> list[Row]:
    """Measure pages that are made for each request, database included, without compression."""
    with site.homeport(run.folder / "made", run.base, PAGE_STORE="off") as ours:
        places = {"post, nothing stored": POST, "home, nothing stored": HOME, "feed, nothing stored": FEED}
        targets = [
            Target(name, f"http://127.0.0.1:{ours.port}{path}", ours.processes, encoding="")
            for name, path in places.items()
        ]
        for target, path in zip(targets, places.values(), strict=True):
            for _ in range(50):
                get(ours.port, path, headers_of(target))
        rounds = in_turns(targets, rounds=run.rounds, seconds=run.seconds, connections=READERS)
        limits = dict(zip(places, ("<= 1.2", "<= 2", "<= 2"), strict=True))
        return cost_rows(rounds, limits) + wire_rows(targets)


def through_the_edge(run: Run) -> list[Row]:
    """Measure what the edge's nginx pays for a stored post, beside an nginx that has it in a file."""
    with ExitStack() as stack:
        ours = stack.enter_context(site.homeport(run.folder / "behind", run.base))
        body = site.warmed(ours, POST, "gzip")
        static, static_tls = stack.enter_context(nginx_static(run.folder / "static-edge", body))
        nginx, plain, tls = stack.enter_context(edge(run.folder / "edge", ours.port))
        through = Target(EDGE, f"http://127.0.0.1:{plain}{POST}", (nginx,), host=NAME)
        through_tls = replace(through, name=EDGE_TLS, url=f"https://127.0.0.1:{tls}{POST}")
        # The first question of all fills the edge, and is no part of what a hit costs.
        load(through, seconds=1, connections=1)
        beside, beside_tls = replace(static, name=BESIDE), replace(static_tls, name=BESIDE_TLS)
        rounds = in_turns([beside, through, beside_tls, through_tls], rounds=run.rounds, seconds=run.seconds)
        return [
            *cost_rows(rounds, {}),
            ratio_row(f"{EDGE}: CPU of nginx, file / ours", rounds[BESIDE], rounds[EDGE], ">= 0.80"),
            ratio_row(f"{EDGE_TLS}: CPU of nginx, file / ours", rounds[BESIDE_TLS], rounds[EDGE_TLS], ">= 0.85"),
            *wire_rows([through, through_tls]),
        ]


def beside_rendering(run: Run) -> list[Row]:
    """Measure stored pages while as many readers as there are threads ask for pages that are not."""
    with site.homeport(run.folder / "beside", run.base) as ours:
        site.warmed(ours, POST, "gzip")
        target = Target("stored post", f"http://127.0.0.1:{ours.port}{POST}", ours.processes)
        url = f"http://127.0.0.1:{ours.port}/?before={oldest_cursor(ours.port)}"
        rendering = start_wrk(url, headers_of(target), seconds=run.seconds + 1, connections=READERS)
        time.sleep(0.5)
        found = load(target, seconds=run.seconds, connections=16)
        made_rate = read_wrk(rendering.communicate()[0])[1]
        note = f"while {made_rate:.0f} pages a second were made"
        return [
            Row("stored pages beside 4 that render: rate", found.rate, "/s", ">= 10000", note),
            Row("stored pages beside 4 that render: p99", found.p99_ms, "ms", "<= 15", note),
        ]


def oldest_cursor(port: int) -> str:
    """Return where the list of older posts goes on; such pages are made each time."""
    body, _ = get(port, HOME, {})
    found = re.search(r'href="/\?before=([^"&]+)"', body.decode())
    assert found, "the home page leads to no older posts"
    return found[1]


def memory(run: Run) -> list[Row]:
    """Measure the memory of the web server and its database, at rest and under load."""
    with site.homeport(run.folder / "memory", run.base) as ours:
        site.warmed(ours, POST, "gzip")
        target = Target("post", f"http://127.0.0.1:{ours.port}{POST}", ours.processes)
        rest = machine.pss_mib(ours.processes)
        for path in (POST, HOME, FEED):
            load(replace(target, url=f"http://127.0.0.1:{ours.port}{path}"), seconds=run.seconds, connections=16)
        loaded = machine.pss_mib(ours.processes)
        note = "web server and PostgreSQL, without the jobs' worker"
        return [
            Row("memory: at rest", rest, "MiB", "<= 150", note),
            Row("memory: after load", loaded, "MiB", "<= 200", note),
        ]


def others(run: Run, told: Sequence[str], *, has_taught: bool) -> list[Row]:
    """Measure other systems as they come."""
    with ExitStack() as stack:
        targets = [peers.running(each) for each in told]
        if has_taught:
            targets += stack.enter_context(peers.taught(run.folder / "taught", run.base))
        return cost_rows(in_turns(targets, rounds=run.rounds, seconds=run.seconds, connections=READERS), {})


def weights(run: Run) -> list[Row]:
    """Weigh a post with its style sheet, and count the statements of pages that are made."""
    database = Database(run.base.uri)
    settings = Settings.from_env({"DATA_DIR": str(run.folder / "weights"), "FLASK_KEY": KEY, "PAGE_STORE": "off"})
    client = create_app(settings, database=database).test_client()
    statements: list[str] = []
    for engine in (database.engine, database._read_engine):  # noqa: SLF001 - both have to be counted
        event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    rows = []
    for name, path in (("post", POST), ("home", HOME), ("feed", FEED)):
        client.get(path)
        statements.clear()
        answer = client.get(path, headers={"Accept-Encoding": "br"})
        rows.append(Row(f"{name}: statements", len(statements), ""))
        if name == "post":
            assets = set(
                re.findall(r'(?:src|href)="(/(?:static|media)/[^"]+)"', brotli.decompress(answer.data).decode())
            )
            sizes = [len(client.get(asset, headers={"Accept-Encoding": "br"}).data) for asset in assets]
            total = (len(answer.data) + sum(sizes)) / 1024
            rows.append(Row("post: page and style sheet, brotli", total, "KiB", "<= 10", f"{1 + len(assets)} requests"))
    database.dispose()
    return rows
