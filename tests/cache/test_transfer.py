import socket
from collections.abc import Iterator

import pytest

from homeport.cache import transfer

WAYS = [(transfer.receive, transfer.send), (transfer.receive_usual, transfer.send_usual)]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


@pytest.mark.parametrize(("receive", "send"), WAYS, ids=["quick", "usual"])
class TestNeverWaiting:
    def test_what_is_there_is_received_and_nothing_is_not_the_end(self, pair, receive, send):
        ours, theirs = pair
        assert receive(ours.fileno()) is None
        theirs.sendall(b"a\0b")
        assert receive(ours.fileno()) == b"a\0b"
        assert receive(ours.fileno()) is None
        theirs.close()
        assert receive(ours.fileno()) == b""

    def test_it_sends_what_goes_at_once(self, pair, receive, send):
        ours, theirs = pair
        data = bytes(range(256)) * 40_000
        sent = send(ours.fileno(), data)
        assert 0 < sent < len(data)
        assert send(ours.fileno(), data) == 0
        assert theirs.recv(1000) == data[:1000]

    def test_who_has_left_is_an_error(self, pair, receive, send):
        ours, theirs = pair
        theirs.close()
        with pytest.raises(BrokenPipeError):
            send(ours.fileno(), b"too late")

    def test_so_is_a_descriptor_that_is_none(self, pair, receive, send):
        with pytest.raises(OSError, match="Bad file descriptor"):
            receive(-1)
