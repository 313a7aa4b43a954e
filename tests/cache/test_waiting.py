import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from homeport.cache.connection import PatientConnection
from homeport.cache.poller import Poller
from homeport.cache.sockets import PatientSocket
from homeport.cache.waiting import Waiting


class Tried:
    """Some connections, and what happened to them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.poller = Poller()
        self.dropped = 0
        self.waiting = Waiting(self.poller, self._drop)

    def _drop(self) -> None:
        self.dropped += 1

    def connection(self) -> tuple[PatientConnection, socket.socket]:
        ours, theirs = socket.socketpair()
        self._stack.enter_context(theirs)
        patient = self._stack.enter_context(PatientSocket.adopt(ours))
        return PatientConnection(SimpleNamespace(), patient, ("127.0.0.1", 1), ("127.0.0.1", 2)), theirs


@pytest.fixture
def tried() -> Iterator[Tried]:
    with ExitStack() as stack:
        tried = Tried(stack)
        yield tried
        tried.poller.close()


def never(_conn: PatientConnection) -> None:
    raise AssertionError


def test_something_is_done_when_a_client_moves_until_it_is_forgotten(tried):
    moved: list[PatientConnection] = []
    go_on: Callable[[PatientConnection], None] = moved.append
    conn, theirs = tried.connection()
    tried.waiting.add(conn, 10, go_on)
    theirs.send(b"x")
    assert tried.poller.dispatch(1) == 1
    tried.waiting.forget(conn)
    assert tried.poller.dispatch(0) == 0
    assert moved == [conn]
    assert tried.dropped == 0


def test_one_whose_time_is_over_is_late_and_all_may_be_hurried(tried):
    (slow, _), (quick, _), (taking, _) = (tried.connection() for _ in range(3))
    tried.waiting.add(slow, -1, never)
    tried.waiting.add(quick, 10, never)
    tried.waiting.add(taking, 10, never)
    taking.sock.outgoing.add(memoryview(b"the rest of an answer"))
    assert tried.waiting.late() == [slow]
    tried.waiting.hurry(time.monotonic() - 1)
    assert tried.waiting.late() == [slow, quick]


def test_the_stalest_goes_first_but_not_before_it_has_tried(tried):
    (old, _), (older, client), (new, _) = (tried.connection() for _ in range(3))
    for conn, moved_at in ((old, 5.0), (older, 4.0), (new, 3.0)):
        tried.waiting.add(conn, 10, never)
        conn.moved_at = moved_at
        conn.delivery_began = 0.0
    new.delivery_began = time.monotonic()
    tried.waiting.drop_stalest()
    assert list(tried.waiting) == [old, new]
    assert tried.dropped == 1
    assert client.recv(1) == b""
