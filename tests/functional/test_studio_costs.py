"""What the studio's pages ask of the database stays bounded: so many statements, and no page reads a whole table."""

import json
import re

import pytest
from sqlalchemy import event, text

from tests.factories.asking import BROWSER, standing_house
from tests.factories.statements import recorded

# The most statements of a page, however much there is. One more should be a decision, not an accident.
# One of each counts, up to a bound, the comments that wait: their number stands in the menu.
MOST = {
    "/studio": 5,
    "/studio/entries": 5,
    "/studio/entries?state=draft": 5,
    "/studio/search?q=words": 10,
    "/studio/entries/{draft}": 15,
    "/studio/entries/{draft}?checks=yes": 26,
    "/studio/entries/{draft}/preview": 24,
    "/studio/entries/{draft}/revisions": 13,
    "/studio/entries/{draft}/revisions/1": 13,
    "/studio/media": 5,
    "/studio/comments": 6,
    "/studio/comments?tab=shown": 6,
    "/studio/comments/{comment}": 4,
    "/studio/tags": 4,
    "/studio/tags/house": 5,
    "/studio/redirects": 4,
    "/studio/settings": 4,
    "/studio/people": 5,
    "/studio/tokens": 4,
    "/studio/audit": 5,
    "/studio/jobs": 5,
    "/account": 9,
}
# Tables that grow with the site, and the pages that have to look at all of one: to count it, or for letters anywhere.
LARGE = {"entry", "response", "media", "redirect", "audit_event", "search_document", "entry_revision", "reference"}
READS_ALL = {
    "/studio": {"entry"},
    "/studio/entries": {"entry"},
    "/studio/entries?state=draft": {"entry"},
    "/studio/search?q=words": {"entry", "media", "redirect", "response"},
    "/studio/comments": {"entry", "response"},
    "/studio/comments?tab=shown": {"entry", "response"},
    "/studio/tags": {"entry"},
}
GROW = """
insert into entry (kind, title, slug, path, state, published_at, source, html, html_version, word_count, modified_at)
  select kind, title || n, slug || n, path || n, state, published_at, source, html, html_version, word_count,
         now() - n * interval '1 hour'
  from entry, generate_series(1, :copies) n where path = '/posts/told-by-bob';
insert into byline select id, (select min(author_id) from byline), 0 from entry on conflict do nothing;
insert into entry_tag select entry.id, (select min(id) from tag), 0 from entry on conflict do nothing;
insert into search_document select id, version, to_tsvector('simple', title) from entry on conflict do nothing;
insert into response (entry_id, state, writer_name, text, html, created_at)
  select id, case when id % 9 = 0 then 'held' else 'shown' end, 'Reader ' || id, 'words', '<p>words</p>',
         now() - id * interval '1 hour'
  from entry;
insert into entry_revision (entry_id, number, title, source) select id, 7, title, source from entry;
insert into media (hash, original_hash, name, content_type, size_bytes, width, height)
  select md5(id::text), md5(id::text), 'p' || id || '.jpg', 'image/jpeg', 1, 9, 9 from entry;
insert into reference (entry_id, kind, target) select id, 'link', '/somewhere' from entry on conflict do nothing;
insert into redirect (path, entry_id) select '/former/' || id, id from entry;
insert into audit_event (account_name, action, subject) select 'ada', 'entry.published', title from entry;
analyze
"""


@pytest.fixture(scope="module")
def asker(database, tmp_path_factory):
    with standing_house(database, tmp_path_factory.mktemp("costs")) as asker:
        yield asker


def grow(connection, copies):
    for statement in GROW.split(";\n"):
        connection.execute(text(statement), {"copies": copies} if ":copies" in statement else {})


@pytest.fixture
def look(asker):
    """Look at a page as the owner and return the statements that it took."""

    def look(path):
        address = path.format_map(asker.things("bob"))
        client = asker.client("olga")
        client.get(address, headers=BROWSER)
        with recorded(asker.connection) as statements:
            assert client.get(address, headers=BROWSER).status_code == 200
        return [statement for statement in statements if "SAVEPOINT" not in statement]

    return look


@pytest.mark.parametrize("path", MOST)
def test_a_page_takes_so_many_statements_and_no_more_when_there_is_more(asker, look, path):
    few = look(path)
    with asker.taken_back():
        grow(asker.connection, 30)
        many = look(path)
    assert len(few) <= MOST[path]
    assert len(many) <= len(few)


@pytest.mark.parametrize("path", MOST)
def test_no_page_counts_its_way_to_where_it_begins(look, path):
    assert [statement for statement in look(path) if re.search(r"\bOFFSET\b", statement)] == []


def test_no_page_reads_a_table_that_grows_but_those_that_count_it(asker):
    """By PostgreSQL's own plans, at a size at which an index pays."""
    client, scanned = asker.client("olga"), {}
    with asker.taken_back():
        grow(asker.connection, 3_000)
        for path in MOST:
            given = []

            def remember(_connection, _cursor, statement, parameters, *_rest, given=given):
                given.append((statement, parameters))

            event.listen(asker.connection, "before_cursor_execute", remember)
            client.get(path.format_map(asker.things("bob")), headers=BROWSER)
            event.remove(asker.connection, "before_cursor_execute", remember)
            found = {table for each in given for table in _scanned(asker.connection, *each)}
            if found & LARGE - READS_ALL.get(path, set()):
                scanned[path] = found & LARGE - READS_ALL.get(path, set())
    assert scanned == {}


def _scanned(connection, statement, parameters):
    """Return the tables that a statement reads from one end to the other."""
    if not statement.lstrip().upper().startswith("SELECT"):
        return set()
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    return set(re.findall(r'"Node Type": "Seq Scan".*?"Relation Name": "(\w+)"', json.dumps(plan)))
