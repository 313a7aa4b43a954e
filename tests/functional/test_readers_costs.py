"""What readers' pages ask of the database costs the same however much there is: PostgreSQL's own plans say so."""

import re

import pytest
from sqlalchemy import event, text

from tests.factories.asking import standing_house

PATHS = (
    "/",
    "/?before=told-by-bob",
    "/posts/told-by-bob",
    "/tags",
    "/tags?after=house",
    "/tags/house",
    "/tags/house?before=told-by-bob-1",
    "/series",
    "/series/long",
    "/series/long?after=told-by-bob-8",
    "/authors/bob",
    "/authors/bob?before=told-by-bob-1",
    "/archive",
    "/archive/2020",
    "/archive/2020/01",
    "/feed.atom",
    "/tags/house/feed.rss",
    "/series/long/feed.json",
    "/nothing/here",
)
LARGE = {"entry", "response", "tag", "entry_tag", "byline", "redirect", "series"}
MOST_SORTED = 500
GROW = """
insert into series (slug, title) values ('long', 'Long');
insert into series (slug, title) select 'series-' || n, md5(n::text) from generate_series(1, 1500) n;
insert into tag (slug, title) select 'topic-' || n, md5(n::text) from generate_series(1, 1500) n;
insert into entry (kind, title, slug, path, state, published_at, source, html, html_version, word_count, series_id)
  select kind, title || n, slug || '-' || n, path || '-' || n, state, published_at - n * interval '3 days',
         source, html, html_version, word_count,
         (select id from series where slug = case when n % 2 = 0 then 'long' else 'series-' || n end)
  from entry, generate_series(1, 2000) n where path = '/posts/told-by-bob';
insert into byline select entry.id, author.id, 0 from entry, author where author.slug = 'bob' on conflict do nothing;
insert into entry_tag select entry.id, tag.id, 0 from entry, tag where tag.slug = 'house' on conflict do nothing;
insert into entry_tag select entry.id, tag.id, 1 from entry join tag on tag.slug = 'topic-' || entry.id % 1500 + 1;
insert into response (entry_id, state, writer_name, text, html)
  select entry.id, 'shown', 'Reader', 'words', '<p>words</p>' from entry, generate_series(1, 2);
insert into redirect (path, entry_id) select '/former/' || id, id from entry;
analyze
"""


@pytest.fixture(scope="module")
def plans(committed, tmp_path_factory):
    """The plans of all statements of each page, on a site at whose size an index pays."""
    with standing_house(committed, tmp_path_factory.mktemp("costs")) as asker:
        for statement in GROW.split(";\n"):
            asker.connection.execute(text(statement))
        # As after some hundred readers: one plan for all parameters.
        asker.connection.execute(text("set local plan_cache_mode = force_generic_plan"))
        yield {path: plans_of(asker, path) for path in PATHS}


def plans_of(asker, path):
    given = []

    def remember(_connection, _cursor, statement, parameters, *_rest):
        given.append((statement, parameters))

    client = asker.client(None)
    event.listen(asker.connection, "before_cursor_execute", remember)
    client.get(path)
    event.remove(asker.connection, "before_cursor_execute", remember)
    asked = [each for each in given if re.match(r"\s*(select|with|execute)\b", each[0], re.IGNORECASE)]
    return [
        asker.connection.exec_driver_sql(f"explain (format json) {each[0]}", each[1]).scalar_one() for each in asked
    ]


def nodes_of(plan):
    """Yield all nodes of plans."""
    if isinstance(plan, list):
        for each in plan:
            yield from nodes_of(each)
    elif "Plan" in plan:
        yield from nodes_of(plan["Plan"])
    else:
        yield plan
        yield from nodes_of(plan.get("Plans", []))


@pytest.mark.parametrize("path", PATHS)
def test_no_page_reads_a_whole_table(plans, path):
    scanned = {node.get("Relation Name") for node in nodes_of(plans[path]) if node["Node Type"] == "Seq Scan"}
    assert plans[path]
    assert scanned & LARGE == set()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_sorts_everything(plans, path):
    sorts = [node for node in nodes_of(plans[path]) if node["Node Type"] == "Sort"]
    assert [node for node in sorts if node["Plans"][0]["Plan Rows"] > MOST_SORTED] == []
