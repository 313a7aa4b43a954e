"""What raises the content's revision, tried against the real triggers, and what follows for pages."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import inf

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from homeport.blog.actions import delete_entry
from homeport.blog.models import Entry, Tag
from homeport.cache import revision
from homeport.cache.revision import READ, Knowledge
from homeport.comments.models import Response
from homeport.site.actions import site_of
from homeport.values import libpq_uri
from tests.factories.blog import make_draft, make_entry

Change = Callable[[Session], object]


@pytest.fixture
def read(committed_uri, committed) -> Iterator[Callable[[Knowledge], Knowledge]]:
    raw = psycopg2.connect(libpq_uri(committed_uri))
    raw.autocommit = True

    def read(known: Knowledge) -> Knowledge:
        with raw.cursor() as cursor:
            cursor.execute(READ, {"origin": known.origin, "revision": known.revision})
            row = cursor.fetchone()
        assert row is not None
        return known.after(row, now=time.monotonic())

    yield read
    raw.close()


@pytest.fixture
def known(read) -> Knowledge:
    return read(Knowledge())


def number_of(committed, make: Callable[[Session], Entry]) -> int:
    with committed.transaction() as session:
        entry = make(session)
        session.flush()
        return entry.id


def answer_to(number: int, state: str) -> Response:
    return Response(entry_id=number, state=state, writer_name="Ann", text="So it is.", html="<p>So it is.</p>")


class TestWhatReadersSee:
    def test_a_publication_changes_everything_and_counts_once(self, committed, read, known):
        with committed.transaction() as session:
            make_entry(session, tags=("one", "two"), authors=("Ann",))
            make_entry(session)
        after = read(known)
        assert (after.revision, after.floor, after.changed) == (known.revision + 1, known.revision + 1, {})

    def test_a_draft_changes_nothing(self, committed, read, known):
        number = number_of(committed, lambda session: make_draft(session, tags=("one",), authors=("Ann",)))
        with committed.transaction() as session:
            session.get_one(Entry, number).title = "Another title"
        with committed.transaction() as session:
            session.delete(session.get_one(Entry, number))
        assert read(known).revision == known.revision

    def test_what_readers_do_not_see_of_an_entry_changes_nothing(self, committed, read):
        number = number_of(committed, make_entry)
        known = read(Knowledge())
        with committed.transaction() as session:
            entry = session.get_one(Entry, number)
            entry.version, entry.source = 7, "The same, written otherwise.\n"
        assert read(known).revision == known.revision

    def test_a_text_rendered_anew_is_on_its_own_page_only(self, committed, read):
        number = number_of(committed, make_entry)
        known = read(Knowledge())
        with committed.transaction() as session:
            session.get_one(Entry, number).html = "<p>Rendered anew.</p>"
        after = read(known)
        assert (after.floor, after.changed) == (known.floor, {f"entry:{number}": known.revision + 1})

    def test_a_shown_comment_is_on_its_entrys_page_only(self, committed, read):
        number = number_of(committed, make_entry)
        known = read(Knowledge())
        with committed.transaction() as session:
            session.add(answer_to(number, "shown"))
        after = read(known)
        assert (after.floor, after.changed) == (known.floor, {f"entry:{number}": known.revision + 1})

    @pytest.mark.parametrize("state", ["held", "spam"])
    def test_a_comment_that_is_not_shown_changes_nothing(self, committed, read, state):
        number = number_of(committed, make_entry)
        known = read(Knowledge())
        with committed.transaction() as session:
            session.add(answer_to(number, state))
        assert read(known).revision == known.revision

    @pytest.mark.parametrize(
        "change",
        [
            lambda session, number: setattr(session.get_one(Entry, number), "title", "Another"),
            lambda session, number: setattr(session.get_one(Entry, number), "state", "draft"),
            lambda session, number: delete_entry(session, session.get_one(Entry, number)),
            lambda session, number: session.execute(
                text("delete from byline where entry_id = :number"), {"number": number}
            ),
            lambda session, number: session.execute(text("update tag set title = title || '!'")),
            lambda session, number: session.execute(text("update author set name = name || '!'")),
            lambda session, number: setattr(site_of(session), "tagline", f"Since {time.time()}"),
        ],
        ids=["title", "withdrawn", "deleted", "byline", "tag", "author", "site"],
    )
    def test_what_other_pages_show_too_changes_everything(self, committed, read, change):
        number = number_of(committed, lambda session: make_entry(session, tags=("one",), authors=("Ann",)))
        known = read(Knowledge())
        with committed.transaction() as session:
            change(session, number)
        assert read(known).floor == known.revision + 1

    def test_a_tag_of_its_own_changes_nothing(self, committed, read, known):
        with committed.transaction() as session:
            session.add(Tag(slug=f"new-{time.time_ns()}", title="New"))
        assert read(known).revision == known.revision

    def test_what_is_rolled_back_has_not_happened(self, committed, read, known):
        session = committed.new_session()
        make_entry(session)
        session.rollback()
        session.close()
        assert read(known).revision == known.revision

    def test_who_commits_is_told_at_once(self, committed, read, known, monkeypatch):
        heard: list[str] = []
        monkeypatch.setattr(committed, "heed", lambda notices: heard.extend(map(str, notices)))
        number_of(committed, make_entry)
        with committed.transactions() as transaction, transaction() as session:
            make_entry(session)
        told = [notice for notice in heard if "homeport content" in notice]
        assert [notice.split()[-1] for notice in told] == [str(known.revision + 1), str(known.revision + 2)]


class TestChangesToCome:
    def test_a_scheduled_entry_has_a_moment(self, committed, read):
        at = datetime.now(UTC) + timedelta(hours=1)
        number = number_of(committed, lambda session: make_entry(session, published_at=at))
        assert read(Knowledge()).changes_at == pytest.approx(at.timestamp(), abs=0.001)
        with committed.transaction() as session:
            session.delete(session.get_one(Entry, number))
        assert read(Knowledge()).changes_at == inf

    def test_so_has_the_end_of_a_discussion(self, committed, read):
        at = datetime.now(UTC) - timedelta(days=29)
        number = number_of(committed, lambda session: make_entry(session, published_at=at))
        with committed.transaction() as session:
            site_of(session).comments_close_after_days = 30
        assert read(Knowledge()).changes_at == pytest.approx((at + timedelta(days=30)).timestamp(), abs=0.001)
        with committed.transaction() as session:
            site_of(session).comments_close_after_days = None
            session.delete(session.get_one(Entry, number))


def knowledge(**known: object) -> Knowledge:
    offset = time.time() - time.monotonic()
    return Knowledge(**{"origin": "here", "revision": 10, "floor": 5, "clock_offset": offset, **known})  # type: ignore[arg-type]


def tag(at: int, keys: tuple[str, ...] | None = (), **other: object) -> revision.Tag:
    return revision.Tag(**{"origin": "here", "revision": at, "keys": keys, "until": inf, **other})  # type: ignore[arg-type]


class TestPages:
    def test_a_page_is_good_until_one_of_its_keys_changes(self):
        known = knowledge(changed={"entry:1": 8})
        assert known.is_fresh(tag(8, ("entry:1",)))
        assert not known.is_fresh(tag(7, ("entry:1",)))
        assert known.is_fresh(tag(7, ("entry:2",)))

    def test_a_page_that_names_no_keys_depends_on_all(self):
        assert knowledge().is_fresh(tag(10, None))
        assert not knowledge().is_fresh(tag(9, None))

    def test_no_page_outlives_a_change_of_everything(self):
        assert not knowledge().is_fresh(tag(4))

    def test_a_page_of_another_database_is_not_this_ones(self):
        assert not knowledge().is_fresh(tag(10, origin="there"))

    def test_a_page_of_a_revision_that_is_not_known_is_not_trusted(self):
        assert not knowledge().is_fresh(tag(11))

    def test_a_page_ends_at_its_moment(self):
        assert knowledge().is_fresh(tag(10, until=time.time() + 5))
        assert not knowledge().is_fresh(tag(10, until=time.time()))

    def test_around_a_moment_no_page_is_made(self):
        assert knowledge(changes_at=time.time()).tag(()) is None

    def test_nothing_is_kept_before_anything_is_known(self):
        assert Knowledge().tag(()) is None

    def test_a_database_that_was_restored_begins_anew(self):
        row = ("there", 3, {"entry:1": 2}, time.time(), None)
        after = knowledge(changed={"entry:9": 9}).after(row, now=time.monotonic())
        assert (after.revision, after.floor, after.changed) == (3, 0, {"entry:1": 2})
