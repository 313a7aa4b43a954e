#!/usr/bin/env python3
"""What each page costs on a site of 100,000 posts and 1,000,000 comments, beside a site of 200 posts.

Run it with `bin/bench growth` (Linux; `--posts 5000` takes seconds instead of minutes). It makes both sites in
temporary databases of one PostgreSQL and asks both in turns in this process, without stored pages. Times are medians
of CPU time, of the application and of PostgreSQL together; the ratio says what growth costs. The size of each page
stands beside it, since a full page costs more than one that is not. `--only WORD` asks for some of the pages.
"""

import argparse
import io
import resource
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import event, make_url, text
from werkzeug.test import EnvironBuilder

from cputime import database_ms, server_of
from grown import Size, grow
from homeport.accounts.permissions import Permission
from homeport.accounts.signins import find_member
from homeport.accounts.tokens import make_token
from homeport.app import create_app
from homeport.db.session import Database
from homeport.ops.postgres import running
from homeport.settings import Settings
from homeport.web.crosssite import LOCAL_COOKIE

SMALL_POSTS = 200
MOST_RATIO = 1.3
OK, NOT_FOUND = 200, 404

PUBLIC = {
    "home": "/",
    "home, older": "/?before={post}",
    "post": "/posts/{post}",
    "post, 3 comments": "/posts/letter-103",
    "post, conversation": "/posts/letter-105",
    "earlier comments": "/posts/letter-105/comments?before={comment}",
    "one thread": "/posts/letter-105/comments?thread={comment}",
    "comments feed": "/posts/letter-105/comments.atom",
    "post in daily series": "/posts/{daily}",
    "tags": "/tags",
    "tag of everything": "/tags/everything",
    "tag, older": "/tags/everything?before={post}",
    "tag of a fifth": "/tags/theme-3",
    "tag of few": "/tags/rare",
    "series list": "/series",
    "series": "/series/{series}",
    "daily series": "/series/daily",
    "archive": "/archive",
    "archive, year": "/archive/{year}",
    "archive, month": "/archive/{year}/{month}",
    "author of most": "/authors/ada",
    "author of few": "/authors/guest",
    "feed": "/feed.atom",
    "feed, RSS": "/feed.rss",
    "feed, JSON": "/feed.json",
    "feed of everything": "/tags/everything/feed.atom",
    "feed of a tag": "/tags/theme-3/feed.atom",
    "feed of a series": "/series/daily/feed.atom",
    "no such page": "/nothing/here",
    "redirect": "/former/{former}",
    "robots": "/robots.txt",
    "comment form": "/comments/{public_id}",
}
STREAMED = {"sitemap": "/sitemap.xml", "sitemap, lists": "/sitemap-0.xml", "sitemap, entries": "/sitemap-1.xml"}
STUDIO = {
    "dashboard": "/studio",
    "entries": "/studio/entries",
    "entries, next page": "/studio/entries?before={shelf}",
    "entries, drafts": "/studio/entries?state=draft",
    "entries, scheduled": "/studio/entries?state=scheduled",
    "entries, published": "/studio/entries?state=published",
    "entries, unlisted": "/studio/entries?state=unlisted",
    "entries, deleted": "/studio/entries?state=deleted",
    "entries, notes": "/studio/entries?kind=note",
    "entries, common word": "/studio/entries?q=post",
    "entries, rare word": "/studio/entries?q=zanzibar",
    "entries, no such word": "/studio/entries?q=xylophone",
    "search, common word": "/studio/search?q=bread",
    "search, rare word": "/studio/search?q=zanzibar",
    "editor": "/studio/entries/{public_id}",
    "revisions": "/studio/entries/{public_id}/revisions",
    "comments": "/studio/comments",
    "comments, shown": "/studio/comments?tab=shown",
    "comments, spam": "/studio/comments?tab=spam",
    "comments, of a post": "/studio/comments?tab=shown&entry={public_id}",
    "media": "/studio/media",
    "media, kind": "/studio/media?kind=image",
    "media, by words": "/studio/media?q=zanzibar",
    "tags and series": "/studio/tags",
    "tag in the studio": "/studio/tags/theme-3",
    "redirects": "/studio/redirects",
    "redirects, by words": "/studio/redirects?q=former/7",
    "audit log": "/studio/audit",
    "audit log of one": "/studio/audit?person=ada",
    "jobs": "/studio/jobs",
    "people": "/studio/people",
    "entries, by program": "/api/v1/entries",
    "tags, by program": "/api/v1/tags",
    "redirects, by program": "/api/v1/redirects",
    "media, by program": "/api/v1/media",
}
NAMES = r"""
select (select slug from entry where slug like 'letter-%' and published_at < now() - interval '20 days'
          and state = 'published' and id % 5 > 0 order by published_at desc limit 1) as post,
       (select entry.slug from entry join series on series.id = series_id where series.slug = 'daily'
          and published_at < now() - interval '20 days' order by published_at desc limit 1) as daily,
       (select response.public_id from response join entry on entry.id = entry_id where slug = 'letter-105'
          and parent_id is null order by response.created_at desc offset 50 limit 1) as comment,
       (select series.slug from series join entry on series_id = series.id
          where state = 'published' and series.slug like 'series-%'
          group by series.slug having count(entry.path) >= 15 limit 1) as series,
       to_char(now() - interval '20 days', 'YYYY') as year, to_char(now() - interval '20 days', 'MM') as month,
       (select path from redirect order by id limit 1) as former,
       (select public_id from entry where slug = 'letter-103') as public_id,
       (select replace(modified_at\:\:text, ' ', 'T') || '~' || public_id from entry
          order by modified_at desc offset 60 limit 1) as shelf
"""


@dataclass
class Cost:
    """What a page took on one site, each time that it was asked for."""

    milliseconds: list[float] = field(default_factory=list)
    size_bytes: int = 0
    statements: int = 0

    @property
    def median(self) -> float:
        """Return the CPU milliseconds of the application and PostgreSQL together."""
        return statistics.median(self.milliseconds)


class GrownSite:
    """A site of some size in a database of its own, asked in this process."""

    def __init__(self, uri: str, folder: Path, size: Size) -> None:
        self.database = Database(uri, statement_timeout_seconds=3600)
        cookie = grow(self.database, size)
        self._headers = {
            "/studio": {"Cookie": f"{LOCAL_COOKIE}={cookie}"},
            "/api": {"Authorization": f"Bearer {_token_of(self.database, cookie)}"},
        }
        with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Helpers that end before their time is read would make a page look cheaper than it is.
            connection.execute(text("alter role current_user set max_parallel_workers_per_gather = 0"))
        self.database.dispose()
        environ = {"DATA_DIR": str(folder), "FLASK_KEY": "a key for measuring", "SITE_URL": "https://example.org"}
        self._app: Flask = create_app(Settings.from_env(environ), database=self.database)
        self._server = server_of(self.database)
        self.names = self._names()
        self._statements = 0
        for engine in (self.database.engine, self.database._read_engine):  # noqa: SLF001 - both have to be counted
            event.listen(engine, "before_cursor_execute", self._count)

    def ask(self, path: str, cost: Cost | None = None) -> int:
        """Return the status of a page; add what it took."""
        headers = next((given for area, given in self._headers.items() if path.startswith(area)), {})
        environ = EnvironBuilder(path=path.format_map(self.names), headers=headers).get_environ()
        statuses: list[str] = []
        self._statements, size = 0, 0
        began = time.process_time() * 1000 + database_ms(self._server)
        answer = self._app.wsgi_app(environ, lambda status, *_: statuses.append(status) or io.BytesIO().write)
        for part in answer:
            size += len(part)
        if hasattr(answer, "close"):
            answer.close()
        spent = time.process_time() * 1000 + database_ms(self._server) - began
        if cost is not None:
            cost.milliseconds.append(spent)
            cost.size_bytes, cost.statements = size, self._statements
        return int(statuses[0][:3])

    def _count(self, *_: object) -> None:
        self._statements += 1

    def _names(self) -> Mapping[str, str]:
        with self.database.reader() as connection:
            row = connection.execute(text(NAMES)).mappings().one()
        names = {name: str(value) for name, value in row.items()}
        return {**names, "former": names["former"].rpartition("/")[2], "shelf": names["shelf"].replace("+", "%2B")}


def _token_of(database: Database, cookie: str) -> str:
    """Make a token for programs that may do all that its owner may."""
    with database.transaction() as session:
        member = find_member(session.connection(), cookie)
        assert member is not None
        return make_token(session, member, "growth", Permission, days=1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--comments", type=int, help="ten to a post, if not said")
    parser.add_argument("--tags", type=int, help="one to two posts, if not said")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="", help="pages with this word in their name")
    options = parser.parse_args()
    size = Size(options.posts, options.comments or 10 * options.posts, options.tags or max(options.posts // 2, 308))
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as uri:
        small = GrownSite(other_database(uri, "small"), Path(folder), Size(SMALL_POSTS, 10 * SMALL_POSTS, 308))
        began = time.monotonic()
        large = GrownSite(uri, Path(folder), size)
        print(f"{size.posts:,} posts, {size.comments:,} comments, {size.tags:,} tags", end=" ")
        print(f"(made in {time.monotonic() - began:.0f} s), beside {SMALL_POSTS} posts\n")
        for title, pages in (("readers", PUBLIC), ("studio and programs", STUDIO), ("streamed", STREAMED)):
            wanted = {name: path for name, path in pages.items() if options.only in name}
            if wanted:
                report(title, measure(small, large, wanted, options.rounds))
        small.database.dispose()
        large.database.dispose()


def other_database(uri: str, name: str) -> str:
    """Make another database on the same server, and return its address."""
    database = Database(uri)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"create database {name}"))
    database.dispose()
    return make_url(uri).set(database=name).render_as_string(hide_password=False)


def measure(small: GrownSite, large: GrownSite, pages: Mapping[str, str], rounds: int) -> dict[str, tuple[Cost, Cost]]:
    """Ask both sites for each page in turns; the first time does not count."""
    costs = {}
    for name, path in pages.items():
        costs[name] = found = (Cost(), Cost())
        statuses = [site.ask(path) for site in (small, large)]
        if statuses[0] != statuses[1] or statuses[0] >= NOT_FOUND != statuses[0]:
            print(f"{name} ({path}): answered with {statuses}")
        for _ in range(rounds):
            for site, cost in zip((small, large), found, strict=True):
                site.ask(path, cost)
    return costs


def report(title: str, costs: Mapping[str, tuple[Cost, Cost]]) -> None:
    """Print a table, and the memory that this process has needed at most so far."""
    print(f"{title:24} {'small ms':>9} {'large ms':>9} {'ratio':>7} {'small KB':>9} {'large KB':>9} {'statements':>11}")
    for name, (small, large) in costs.items():
        ratio = large.median / small.median
        sizes = f"{small.size_bytes / 1024:9.1f} {large.size_bytes / 1024:9.1f} {large.statements:11}"
        print(f"{name:24} {small.median:9.2f} {large.median:9.2f} {ratio:7.2f} {sizes}", end="")
        shows_more = large.size_bytes / small.size_bytes > ratio
        print("" if ratio <= MOST_RATIO else "  shows more" if shows_more else "  grows")
    print(f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB\n")


if __name__ == "__main__":
    main()
