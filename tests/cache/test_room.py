"""Who has to go when answers that nobody takes have filled the memory, decided without a race."""

import time
from types import SimpleNamespace

import pytest

from homeport.cache import room
from homeport.cache.room import Room


class Taker:
    """A connection whose client has that much of its answer yet to take."""

    def __init__(self, memory_bytes: int, *, began: float, moved: float, taken: int = 0) -> None:
        self.sock = SimpleNamespace(outgoing=SimpleNamespace(memory_bytes=memory_bytes), progress=lambda: taken)
        self.delivery_began, self.moved_at = began, moved
        self.is_closed = False
        self.has_taken_unnoticed = False

    def note_progress(self) -> None:
        if self.has_taken_unnoticed:
            self.moved_at = time.monotonic()


@pytest.fixture
def now() -> float:
    return time.monotonic()


def made_room_among(*takers: Taker) -> Room:
    made = Room()
    made.make(takers, lambda taker: setattr(taker, "is_closed", True))
    return made


def test_as_few_go_as_have_to_and_the_stalest_of_them(now):
    share = room.MOST_OUTGOING_BYTES // 4
    takers = [Taker(share, began=now - 10, moved=now - age) for age in (1, 9, 5, 3)]
    newcomer = Taker(share, began=now, moved=now)
    made = made_room_among(newcomer, *takers)
    assert [taker.is_closed for taker in takers] == [False, True, False, False]
    assert not newcomer.is_closed
    assert not made.is_lacking


def test_nobody_goes_while_there_is_room(now):
    takers = [Taker(room.MOST_OUTGOING_BYTES // 4, began=now - 10, moved=now - 10) for _ in range(4)]
    made_room_among(*takers)
    assert not any(taker.is_closed for taker in takers)


def test_who_keeps_nothing_in_memory_makes_no_room(now):
    file = Taker(0, began=now - 10, moved=now - 10)
    stalled = Taker(room.MOST_OUTGOING_BYTES, began=now - 5, moved=now - 5)
    made_room_among(file, stalled, Taker(1, began=now, moved=now))
    assert (file.is_closed, stalled.is_closed) == (False, True)


def test_what_a_client_has_taken_counts_although_the_poller_has_not_told_yet(now):
    share = room.MOST_OUTGOING_BYTES // 2
    reader, stalled = Taker(share, began=now - 10, moved=now - 9), Taker(share, began=now - 10, moved=now - 5)
    reader.has_taken_unnoticed = True
    made_room_among(reader, stalled, Taker(share, began=now, moved=now))
    assert (reader.is_closed, stalled.is_closed) == (False, True)


def test_who_reads_may_pause_while_others_have_only_begun(now):
    share = room.MOST_OUTGOING_BYTES // 2
    reader = Taker(share, began=now - 10, moved=now - 0.9, taken=room.READER_BYTES + 1)
    others = [Taker(share, began=now - 0.5, moved=now - 0.5) for _ in range(2)]
    made_room_among(reader, *others)
    assert not reader.is_closed


def test_who_has_read_but_stalls_has_to_go(now):
    share = room.MOST_OUTGOING_BYTES // 2
    former = Taker(share, began=now - 10, moved=now - 9, taken=room.READER_BYTES + 1)
    others = [Taker(share, began=now - 5, moved=now - 5) for _ in range(2)]
    made_room_among(former, *others)
    assert former.is_closed
    assert not any(other.is_closed for other in others)


def test_who_has_just_begun_is_left_the_time_to_begin_and_others_wait_for_it(now):
    takers = [Taker(room.MOST_OUTGOING_BYTES, began=now, moved=now) for _ in range(3)]
    made = made_room_among(*takers)
    assert not any(taker.is_closed for taker in takers)
    assert made.is_lacking
    later = now - 1
    for taker in takers:
        taker.delivery_began = taker.moved_at = later
    made.make(takers, lambda taker: setattr(taker, "is_closed", True))
    assert [taker.is_closed for taker in takers] == [True, True, False]
    assert not made.is_lacking
