import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from homeport.blog.actions import delete_entry
from homeport.blog.models import Entry, Reference
from homeport.db.session import Database
from homeport.exchange.remote_images import FetchOutcome, fetch_remote_images, list_remote_images
from homeport.media.models import Media
from homeport.media.store import DatabaseMediaStore
from homeport.net.client import Fetched
from homeport.net.errors import FetchTimeoutError
from tests.factories.blog import make_entry
from tests.factories.media import MAX_BYTES, SECRET, a_drawing, a_photo, a_picture

HARBOUR = "https://pictures.example/harbour%20dawn.jpg?size=l"


class Web:
    """Answers from memory, and what was asked of it."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def __call__(self, url: str) -> Fetched:
        self.asked.append(url)
        body = self.pages.get(url)
        return Fetched(url, 404, "text/html", b"no") if body is None else Fetched(url, 200, "text/html", body)


def fetched(database: Database, ask: Callable[[str], Fetched]) -> list[FetchOutcome]:
    return list(fetch_remote_images(database, max_bytes=MAX_BYTES, ask=ask))


def stored_html(connection: Connection, entry: Entry) -> str:
    return connection.execute(select(Entry.html).where(Entry.id == entry.id)).scalar_one()


@pytest.fixture
def entry(session: Session) -> Entry:
    entry = make_entry(session, source=f"![The harbour]({HARBOUR})\n")
    session.flush()
    return entry


def test_a_picture_elsewhere_is_stored_and_shown_from_here(
    own_database: Database, connection: Connection, session: Session, entry: Entry
) -> None:
    assert "<img" not in stored_html(connection, entry)
    (outcome,) = fetched(own_database, Web({HARBOUR: a_photo()}))
    media = session.scalars(select(Media)).one()
    assert outcome == FetchOutcome(HARBOUR, "stored", 1, path=media.path)
    assert (media.name, media.source_url) == ("harbour-dawn.jpg", HARBOUR)
    html = stored_html(connection, entry)
    assert f'src="{media.path}"' in html
    assert 'width="80" height="40"' in html
    found = DatabaseMediaStore().read(connection, media.hash)
    assert found is not None
    assert SECRET not in found.data


def test_the_text_of_the_entry_stays_as_it_was_written(
    own_database: Database, connection: Connection, entry: Entry
) -> None:
    fetched(own_database, Web({HARBOUR: a_photo()}))
    source = connection.execute(select(Entry.source).where(Entry.id == entry.id)).scalar_one()
    assert source == f"![The harbour]({HARBOUR})\n"


def test_a_second_run_asks_nobody(own_database: Database, entry: Entry) -> None:
    fetched(own_database, Web({HARBOUR: a_photo()}))
    again = Web({HARBOUR: a_photo()})
    assert fetched(own_database, again) == []
    assert again.asked == []


def test_a_picture_that_several_entries_show_is_fetched_once(
    own_database: Database, connection: Connection, session: Session, entry: Entry
) -> None:
    other = make_entry(session, source=f"![Again]({HARBOUR}#top) and ![without scheme]({HARBOUR[6:]})\n")
    ask = Web({HARBOUR: a_photo()})
    (outcome,) = fetched(own_database, ask)
    assert (ask.asked, outcome.entry_count) == ([HARBOUR], 2)
    assert stored_html(connection, other).count("<img") == 2


def test_what_was_fetched_before_is_known_to_a_new_entry(
    own_database: Database, connection: Connection, session: Session, entry: Entry
) -> None:
    fetched(own_database, Web({HARBOUR: a_photo()}))
    later = make_entry(session, source=f"![Later]({HARBOUR})\n")
    ask = Web({})
    assert [outcome.status for outcome in fetched(own_database, ask)] == ["known"]
    assert ask.asked == []
    assert "<img" in stored_html(connection, later)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "answers 404"),
        (b"<!DOCTYPE html><p>Please enable JavaScript", "HTML page"),
        (b"%PDF-1.7 ...", "no picture but PDF"),
        (a_picture()[:50], "not a whole PNG"),
        (a_drawing("<script>x()</script>"), "has a program in it"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_picture_stays_a_link(
    own_database: Database, connection: Connection, session: Session, entry: Entry, body: bytes | None, reason: str
) -> None:
    before = stored_html(connection, entry)
    (outcome,) = fetched(own_database, Web({} if body is None else {HARBOUR: body}))
    assert outcome.status == "failed"
    assert reason in outcome.reason
    assert stored_html(connection, entry) == before
    assert session.scalars(select(Reference.to_media_id)).all() == [None]


def test_a_host_that_does_not_answer_is_not_asked_again(own_database: Database, session: Session) -> None:
    make_entry(session, source="".join(f"![a](https://away.example/{n}.png)\n" for n in range(3)))
    make_entry(session, source="![b](https://here.example/b.png)\n")
    asked: list[str] = []

    def ask(url: str) -> Fetched:
        asked.append(url)
        if "away" in url:
            raise FetchTimeoutError("away.example does not answer in time.")
        return Fetched(url, 200, "image/png", a_picture())

    outcomes = {outcome.url: outcome for outcome in fetched(own_database, ask)}
    assert sorted(asked) == ["https://away.example/0.png", "https://here.example/b.png"]
    assert outcomes["https://here.example/b.png"].status == "stored"
    assert "not asked again" in outcomes["https://away.example/2.png"].reason


def test_a_host_is_asked_for_one_picture_at_a_time(own_database: Database, session: Session) -> None:
    make_entry(session, source="".join(f"![a](https://one.example/{n}.png)\n" for n in range(6)))
    is_busy = threading.Lock()

    def ask(url: str) -> Fetched:
        assert is_busy.acquire(blocking=False)
        try:
            return Fetched(url, 404, "", b"")
        finally:
            is_busy.release()

    assert len(fetched(own_database, ask)) == 6


def test_a_fault_of_our_own_is_not_hidden(own_database: Database, entry: Entry) -> None:
    def ask(_url: str) -> Fetched:
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError, match="a fault"):
        fetched(own_database, ask)


def test_links_local_pictures_and_deleted_entries_are_left_alone(
    own_database: Database, connection: Connection, session: Session, entry: Entry
) -> None:
    make_entry(
        session, source="[link](https://x.example/a.png) ![here](/media/a.png) ![data](data:image/png;base64,AA)\n"
    )
    delete_entry(session, entry)
    session.flush()
    assert list_remote_images(connection) == ()
