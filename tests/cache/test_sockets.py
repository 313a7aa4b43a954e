import socket
import time
from collections.abc import Iterator

import pytest

from homeport.cache.sockets import PatientSocket


@pytest.fixture
def pair() -> Iterator[tuple[PatientSocket, socket.socket]]:
    """A connection over TCP: the kernel tells of others less."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname(), timeout=10)
        accepted, _address = listener.accept()
    with PatientSocket.adopt(accepted) as ours, theirs:
        yield ours, theirs


def test_what_the_kernel_keeps_for_a_client_is_not_taken(pair):
    ours, theirs = pair
    ours.sendall(bytes(3_000_000))
    begun = ours.progress()
    assert begun < 3_000_000
    for _ in range(20):
        theirs.recv(100_000)
        time.sleep(0.005)
    assert ours.progress() > begun


def test_a_question_may_follow_an_answer_that_has_not_left(pair):
    ours, theirs = pair
    answer, question = bytes(9_000_000), b"HTTP/1.1 100 Continue\r\n\r\n"
    ours.sendall(answer)
    assert ours.send(question) == len(question)
    received = bytearray()
    while len(received) < len(answer) + len(question):
        received += theirs.recv(1_000_000)
        ours.send_outgoing()
    assert received.endswith(question)


def test_the_answer_to_who_has_left_takes_no_memory(pair):
    ours, theirs = pair
    theirs.close()
    with pytest.raises(OSError):  # noqa: PT011 - reset or broken pipe
        keep_sending(ours)
    assert ours.is_lost
    assert ours.outgoing.memory_bytes == 0


def keep_sending(ours: PatientSocket) -> None:
    for _ in range(100):
        ours.sendall(bytes(9_000_000))
        time.sleep(0.01)
