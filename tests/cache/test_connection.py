import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from homeport.cache.connection import LONGEST_HEAD, PatientConnection
from homeport.cache.sockets import PatientSocket

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def connection() -> Iterator[PatientConnection]:
    ours, theirs = socket.socketpair()
    with PatientSocket.adopt(ours) as patient, theirs:
        yield PatientConnection(SimpleNamespace(), patient, ("127.0.0.1", 1), ("127.0.0.1", 2))


def test_a_head_is_there_with_its_last_byte_however_it_comes(connection):
    for byte in HEAD[:-1]:
        connection.receive(bytes([byte]))
        assert not connection.has_head()
    connection.receive(HEAD[-1:])
    assert connection.has_head()
    assert connection.take() == HEAD


def test_empty_lines_are_no_head_but_a_beginning(connection):
    connection.receive(b"\r\n\r\n")
    assert connection.has_begun
    assert not connection.has_head()
    connection.receive(b"\r\n" + HEAD)
    assert connection.take() == HEAD


def test_the_next_request_begins_anew(connection):
    connection.receive(HEAD)
    connection.take()
    assert not connection.has_begun
    assert not connection.has_head()


def test_a_head_may_be_long_but_not_endless(connection):
    connection.receive(b"a" * LONGEST_HEAD)
    assert not connection.has_too_much()
    connection.receive(b"a")
    assert connection.has_too_much()
