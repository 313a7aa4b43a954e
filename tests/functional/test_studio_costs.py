"""What the studio's pages ask of the database stays bounded: so many statements, and no page reads a whole table."""

import re

import pytest
from sqlalchemy import event, text

from homeport.blog.queries.subjects import SUBJECTS_ON_A_PAGE
from homeport.blog.rows import COUNTED
from tests.factories.asking import BROWSER, standing_house
from tests.factories.statements import recorded

# The most statements of a page, however much there is. One more should be a decision, not an accident.
# One of each counts, up to a bound, the comments that wait: their number stands in the menu.
MOST = {
    "/studio": 5,
    "/studio/entries": 5,
    "/studio/entries?state=draft": 5,
    "/studio/entries?state=scheduled": 5,
    "/studio/entries?state=published": 5,
    "/studio/entries?state=deleted": 5,
    "/studio/entries?kind=note": 5,
    "/studio/entries?kind=article&state=draft": 5,
    "/studio/entries?q=zanzibar": 5,
    "/studio/search?q=words": 10,
    "/studio/entries/{draft}": 15,
    "/studio/entries/{draft}?checks=yes": 26,
    "/studio/entries/{draft}/preview": 24,
    "/studio/entries/{draft}/revisions": 13,
    "/studio/entries/{draft}/revisions/1": 13,
    "/studio/media": 5,
    "/studio/media?kind=video": 5,
    "/studio/media?q=zanzibar": 5,
    "/studio/comments": 6,
    "/studio/comments?tab=shown": 6,
    "/studio/comments/{comment}": 4,
    "/studio/tags": 5,
    "/studio/tags?kind=tag&after=house": 4,
    "/studio/tags?q=zanzibar": 5,
    "/studio/tags/house": 5,
    "/studio/redirects": 4,
    "/studio/redirects?q=zanzibar": 4,
    "/studio/settings": 4,
    "/studio/people": 5,
    "/studio/tokens": 4,
    "/studio/audit": 5,
    "/studio/audit?person=bob": 5,
    "/studio/jobs": 5,
    "/account": 9,
}
# Tables that grow with the site, and the pages that have to look at all of one: to count it, or for letters anywhere.
LARGE = {"entry", "response", "media", "redirect", "audit_event", "search_document", "entry_revision", "reference"}
LARGE |= {"tag", "entry_tag", "series"}
READS_ALL = {
    **{path: {"entry"} for path in MOST if path.startswith("/studio/entries?")},
    "/studio/entries": {"entry"},
    "/studio/search?q=words": {"entry", "media", "redirect", "response"},
    "/studio/comments": {"response"},
    "/studio/comments?tab=shown": {"response"},
}
# Pages that do not keep to it yet.
UNBOUNDED = {"/studio/search?q=words", "/studio/comments", "/studio/comments?tab=shown"}
MOST_READ = COUNTED + 100
# One of the tags on a page has very many entries here, and each of the others its own.
ALSO_READ = dict.fromkeys(
    ("/studio/tags", "/studio/tags?kind=tag&after=house", "/studio/tags/house"), SUBJECTS_ON_A_PAGE
)
GROW = """
insert into entry (kind, title, slug, path, state, published_at, source, html, html_version, word_count, modified_at)
  select kind, title || n, slug || n, path || n, state, published_at - n * interval '1 hour', source, html,
         html_version, word_count, now() - n * interval '1 hour'
  from entry, generate_series(1, :copies) n where path = '/posts/told-by-bob';
insert into byline select id, (select min(author_id) from byline), 0 from entry on conflict do nothing;
insert into entry_tag select entry.id, (select min(id) from tag), 0 from entry on conflict do nothing;
insert into tag (slug, title) select 'tag-' || id, 'Tag ' || id from entry;
insert into series (slug, title) select 'series-' || id, 'Series ' || id from entry;
insert into entry_tag select entry.id, tag.id, 1 from entry join tag on tag.slug = 'tag-' || entry.id;
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
select gin_clean_pending_list(indexrelid) from pg_index join pg_class on pg_class.oid = indexrelid
  where relam = (select oid from pg_am where amname = 'gin') and relnamespace = to_regnamespace('public');
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


@pytest.fixture(scope="module")
def asked(asker):
    """What each page asks of a site at whose size an index pays, with PostgreSQL's own plans and what they read."""
    client, plans = asker.client("olga"), {}
    with asker.taken_back():
        grow(asker.connection, 3_000)
        for path in MOST:
            given = []

            def remember(_connection, _cursor, statement, parameters, *_rest, given=given):
                given.append((statement, parameters))

            event.listen(asker.connection, "before_cursor_execute", remember)
            client.get(path.format_map(asker.things("bob")), headers=BROWSER)
            event.remove(asker.connection, "before_cursor_execute", remember)
            plans[path] = [node for each in given for node in _nodes(asker.connection, *each)]
    return plans


@pytest.mark.parametrize("path", MOST)
def test_no_page_reads_a_table_that_grows_from_end_to_end(asked, path):
    scanned = {node.get("Relation Name") for node in asked[path] if node["Node Type"] == "Seq Scan"}
    assert scanned & LARGE <= READS_ALL.get(path, set())


@pytest.mark.parametrize("path", MOST.keys() - UNBOUNDED)
def test_no_page_reads_more_rows_than_it_counts_to(asked, path):
    read = [(node["Relation Name"], _rows_read(node)) for node in asked[path] if node.get("Relation Name") in LARGE]
    most = MOST_READ + ALSO_READ.get(path, 0)
    assert [(table, rows) for table, rows in read if rows > most] == []


@pytest.mark.parametrize("path", MOST.keys() - UNBOUNDED)
def test_no_page_sorts_more_rows_than_it_counts_to(asked, path):
    sorts = [node for node in asked[path] if node["Node Type"] in {"Sort", "Incremental Sort"}]
    assert [node for node in sorts if _rows_read(node["Plans"][0]) > MOST_READ] == []


def _nodes(connection, statement, parameters):
    """Return the nodes of a statement's plan, after running it."""
    if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar_one()
    return list(_all_nodes(plan[0]["Plan"]))


def _all_nodes(node):
    yield node
    for each in node.get("Plans", ()):
        yield from _all_nodes(each)


def _rows_read(node):
    lost = sum(node.get(f"Rows Removed by {what}", 0) for what in ("Filter", "Join Filter", "Index Recheck"))
    return (node["Actual Rows"] + lost) * node["Actual Loops"]
