#!/usr/bin/env python3
"""What each action of the studio costs on a site with 10,000 posts: SQL statements, CPU time, time on the clock.

Run it with `bin/bench studio` (Linux). It makes a database of its own in a temporary folder and asks
the application in this process. The times are medians, CPU of the application and of PostgreSQL apart; the last column
gives their sum as a multiple of `/healthz`, the cheapest answer, measured in turns in the same run: machines differ
and are noisy, and what else they do disturbs the clock, not the CPU time.
"""

import argparse
import contextlib
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from content import fill
from homeport.accounts.models import Account, Author
from homeport.accounts.signins import open_sign_in
from homeport.app import create_app
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.ops.postgres import running
from homeport.settings import Settings
from homeport.web.crosssite import LOCAL_COOKIE

FLOOR = "/healthz"
MOST_MS = 100
LETTER = "The stove takes an hour to warm the room, and in that hour I write **letters**.\n\n" * 60

# One entry, rendered once, stands for all: what is asked for here does not depend on what differs between texts.
GROW = """
insert into entry (kind, title, slug, path, state, published_at, modified_at, created_at, source, html, html_version,
                   outline, excerpt, word_count, description)
  select kind, title || ' ' || n, slug || '-' || n, path || '-' || n,
         case when n % 50 = 0 then 'draft' else 'published' end,
         now() - n * interval '7 hours', now() - n * interval '5 hours', now() - n * interval '8 hours',
         source, html, html_version, outline, excerpt, word_count, description
  from entry, generate_series(1, :posts) n where entry.id = (select min(id) from entry);
insert into byline select id, (select author_id from account), 0 from entry on conflict do nothing;
insert into entry_tag select entry.id, tag.id, tag.id % 5 from entry join tag on entry.id % 7 = tag.id % 7
  on conflict do nothing;
insert into search_document select id, version, to_tsvector('simple', title || ' ' || left(source, 2000)) from entry
  on conflict do nothing;
insert into entry_revision (entry_id, number, title, source, created_at)
  select id, n, title, source || n, now() - n * interval '1 day' from entry, generate_series(1, 3) n;
insert into response (entry_id, state, writer_name, writer_email, text, html, created_at)
  select entry.id, case when n = 1 and entry.id % 40 = 0 then 'held' when n = 2 then 'spam' else 'shown' end,
         'Reader ' || entry.id, 'reader' || entry.id || '@example.org', 'How true, number ' || n, '<p>How true</p>',
         now() - entry.id * interval '1 hour'
  from entry, generate_series(1, 2) n;
insert into media (hash, original_hash, name, content_type, size_bytes, width, height, alt)
  select md5(n::text), md5(n::text), 'picture-' || n || '.jpg', 'image/jpeg', 200000, 1600, 900, 'Picture ' || n
  from generate_series(1, 3000) n;
insert into reference (entry_id, kind, target, to_media_id)
  select entry.id, 'image', media.name, media.id from entry join media on media.id = entry.id % 3000 + 1;
insert into redirect (path, entry_id) select '/former/' || id, id from entry where id % 2 = 0;
insert into audit_event (account_id, account_name, action, subject, at)
  select (select id from account), 'ada', 'entry.published', title, published_at from entry;
insert into job (kind, payload, failed_at, error, attempts)
  select 'mail.send', '{}', now(), 'refused', 8 from generate_series(1, 40);
"""


@dataclass
class Cost:
    """What an action took, each time that it was tried."""

    statements: int = 0
    cpu_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as uri:
        database = Database(uri, statement_timeout_seconds=600)
        bring_up_to_date(database.engine)
        token = grow(database, options.posts)
        settings = Settings.from_env({"DATA_DIR": folder, "FLASK_KEY": "a key for measuring only"})
        client = create_app(settings, database=database).test_client()
        client.set_cookie(LOCAL_COOKIE, token, domain="localhost")
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        report(measure(database, actions(database, client), options.rounds), options.posts)
        database.dispose()


def grow(database: Database, posts: int) -> str:
    """Fill the site, and return the cookie of its owner."""
    with database.transaction() as session:
        token = _own(session)
        fill(session, 7)
        for statement in GROW.split(";\n"):
            if statement.strip():
                session.execute(text(statement), {"posts": posts} if ":posts" in statement else {})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
        # Helpers that end before their time is read would make an action look cheaper than it is.
        connection.execute(text("alter role current_user set max_parallel_workers_per_gather = 0"))
    database.dispose()
    return token


def _own(session: Session) -> str:
    author = Author(name="Ada", slug="ada")
    session.add(author)
    session.flush()
    account = Account(name="ada", role="owner", author_id=author.id)
    session.add(account)
    session.flush()
    return open_sign_in(session, account.id, method="password")


Action = Callable[[int], TestResponse]


def actions(database: Database, client: FlaskClient) -> dict[str, Action]:
    """Return everything that is measured, by name; each is told in which round it is."""
    with database.reader() as connection:
        ids = text("select public_id from entry where state = 'published' order by id desc offset 4000 limit 4")
        one, other, shy, lost = connection.execute(ids).scalars()
        waiting = text("select public_id from response where state = 'held' order by created_at desc limit 40")
        comments = connection.execute(waiting).scalars().all()
        tag = connection.execute(text("select slug from tag order by id limit 1")).scalar_one()
    entry, copy, shy, lost = (f"/studio/entries/{each}" for each in (one, other, shy, lost))
    older = client.get("/studio/entries").text.partition("before=")[2].partition('"')[0].replace("&amp;", "&")
    looks = {
        "dashboard": "/studio",
        "entries": "/studio/entries",
        "entries, next page": f"/studio/entries?before={older}",
        "entries, drafts": "/studio/entries?state=draft",
        "entries, by words": "/studio/entries?q=4711",
        "search": "/studio/search?q=letters",
        "search, rare word": "/studio/search?q=4711",
        "editor": entry,
        "editor, with checks": f"{entry}?checks=yes",
        "preview": f"{entry}/preview",
        "revisions": f"{entry}/revisions",
        "revision": f"{entry}/revisions/1",
        "media": "/studio/media",
        "media, by words": "/studio/media?q=picture-2999",
        "comments": "/studio/comments",
        "comments, shown": "/studio/comments?tab=shown",
        "comment": f"/studio/comments/{comments[20]}",
        "tags and series": "/studio/tags",
        "tag": f"/studio/tags/{tag}",
        "redirects": "/studio/redirects",
        "redirects, by words": "/studio/redirects?q=former/999",
        "settings": "/studio/settings",
        "people": "/studio/people",
        "audit log": "/studio/audit",
        "jobs": "/studio/jobs",
        "account": "/account",
    }
    json, decide = {"Accept": "application/json"}, "/studio/comments/decisions"

    def approve(number: int) -> TestResponse:
        # The button says which words were read, so that nothing else is decided about.
        button = re.search(rf'value="(approve {comments[number]}[^"]*)"', client.get("/studio/comments").text)
        return client.post(decide, data={"one": button[1] if button else ""})

    def reply(number: int) -> TestResponse:
        page = f"/studio/comments/{comments[-1 - number]}"
        seen = client.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
        return client.post(f"{page}/reply", data={"text": f"Yes {number}", "seen": seen})

    def save(path: str, number: int) -> TestResponse:
        version = client.get(path).text.partition('name="version" value="')[2].partition('"')[0]
        fields = {"version": version, "source": f"{LETTER}Round {number}.\n"}
        return client.post(f"{path}/save", json=fields, headers=json)

    def in_turns(*steps: Callable[[], TestResponse]) -> Action:
        return lambda number: steps[number % len(steps)]()

    changes: dict[str, Action] = {
        "save (and open)": lambda number: save(copy, number),
        "live preview": lambda _: client.post("/studio/preview", json={"id": str(one), "source": LETTER}, headers=json),
        "publish changes": lambda _: client.post(f"{copy}/publish", data={"when": "now"}),
        "unpublish, publish": in_turns(lambda: client.post(f"{shy}/unpublish"), lambda: client.post(f"{shy}/publish")),
        "delete, restore": in_turns(lambda: client.post(f"{lost}/delete"), lambda: client.post(f"{lost}/restore")),
        "new entry": lambda number: client.post("/studio/entries", data={"title": f"New {number}", "source": LETTER}),
        "share link": lambda _: client.post(f"{entry}/share", data={"days": "7"}),
        "approve (and look)": approve,
        "undo": lambda _: client.post("/studio/comments/undo"),
        "reply (and look)": reply,
        "describe a picture": lambda number: client.post("/studio/media/7", data={"alt": f"Hill {number}"}),
        "new redirect": lambda number: client.post(
            "/studio/redirects", data={"path": f"/gone/{number}", "target": "/archive"}
        ),
        "rename a tag": lambda number: client.post(
            f"/studio/tags/{tag}", data={"title": f"Subject {number}", "slug": tag}
        ),
    }
    shown: dict[str, Action] = {name: lambda _, path=path: client.get(path) for name, path in looks.items()}  # type: ignore[misc]  # a default that binds
    return {FLOOR: lambda _: client.get(FLOOR), **shown, **changes}


def measure(database: Database, wanted: dict[str, Action], rounds: int) -> dict[str, Cost]:
    """Try everything in turns, so that what disturbs the machine disturbs all alike."""
    statements: list[str] = []
    for engine in (database.engine, database._read_engine):  # noqa: SLF001 - both have to be counted
        event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    costs = {name: Cost() for name in wanted}
    with database.reader() as connection:
        server = _parent(connection.execute(text("select pg_backend_pid()")).scalar_one())
    for number in range(-1, rounds):
        for name, action in wanted.items():
            statements.clear()
            began = (time.process_time() * 1000, _database_ms(server), time.perf_counter() * 1000)
            answer = action(number + 1)
            ended = (time.process_time() * 1000, _database_ms(server), time.perf_counter() * 1000)
            if answer.status_code >= 400:
                raise SystemExit(f"{name}: {answer.status_code} {answer.text[-400:]}")
            if number >= 0:
                cost = costs[name]
                for times, before, after in zip(
                    (cost.cpu_ms, cost.database_ms, cost.wall_ms), began, ended, strict=True
                ):
                    times.append(after - before)
                cost.statements = max(cost.statements, len(statements))
    return costs


def _parent(process: int) -> int:
    """Return the number of the process that started this one: PostgreSQL's own, for one of its connections."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def _database_ms(server: int) -> float:
    """Return how long the server's processes for connections have been on a processor."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    nanoseconds = 0
    for child in children:
        # One that cleans up may end while it is looked at; it is not counted anyway.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if b"[local]" in Path(f"/proc/{child}/cmdline").read_bytes():
                nanoseconds += int(Path(f"/proc/{child}/schedstat").read_text().split()[0])
    return nanoseconds / 1e6


def report(costs: dict[str, Cost], posts: int) -> None:
    """Print the table, and what is over the promise."""
    floor = statistics.median(costs[FLOOR].cpu_ms)
    print(f"{posts:,} posts, {2 * posts:,} comments, 3,000 pictures\n")
    print(f"{'action':22} {'statements':>10} {'app ms':>8} {'sql ms':>8} {'both':>8} {'clock':>8} {'x healthz':>10}")
    for name, cost in costs.items():
        app, sql, wall = (statistics.median(times) for times in (cost.cpu_ms, cost.database_ms, cost.wall_ms))
        mark = "  over" if app + sql > MOST_MS else ""
        figures = f"{app:8.1f} {sql:8.1f} {app + sql:8.1f} {wall:8.1f} {(app + sql) / floor:10.0f}"
        print(f"{name:22} {cost.statements:10} {figures}{mark}")


if __name__ == "__main__":
    main()
