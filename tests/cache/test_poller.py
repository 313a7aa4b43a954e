import select
import socket
from collections.abc import Iterator
from selectors import EVENT_READ, EVENT_WRITE

import pytest

from homeport.cache.poller import Poller


@pytest.fixture(params=["epoll", "poll"])
def poller(request, monkeypatch) -> Iterator[Poller]:
    if request.param == "poll":
        monkeypatch.delattr(select, "epoll", raising=False)
    poller = Poller()
    yield poller
    poller.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_it_calls_back_with_what_it_was_given_as_long_as_there_is_something_to_read(poller, pair):
    called: list[object] = []
    poller.register(pair[0], EVENT_READ, called.append)
    assert poller.dispatch(0) == 0
    pair[1].send(b"x")
    assert poller.dispatch(1) == poller.dispatch(1) == 1
    poller.unregister(pair[0])
    assert poller.dispatch(0) == 0
    assert called == [pair[0], pair[0]]


def test_it_calls_back_with_the_whole_that_a_socket_is_part_of(poller, pair):
    called: list[object] = []
    poller.register(pair[0].fileno(), EVENT_WRITE, called.append, "whole")
    assert poller.dispatch(1) == 1
    assert called == ["whole"]


def test_what_another_one_closes_in_the_same_round_is_not_called(poller, pair):
    called: list[object] = []

    def close(one: socket.socket) -> None:
        called.append(one)
        for each in pair:
            poller.unregister(each)

    for each in pair:
        poller.register(each, EVENT_WRITE, close)
    assert poller.dispatch(1) == 2
    assert len(called) == 1
