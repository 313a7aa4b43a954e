import socket
from pathlib import Path

import pytest

from homeport.cache.outgoing import Outgoing


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def file(tmp_path):
    with (tmp_path / "file").open("w+b") as file:
        file.write(b"0123456789")
        file.flush()
        yield file


def test_parts_go_out_in_their_order(pair, file):
    ours, theirs = pair
    outgoing = Outgoing()
    outgoing.add(memoryview(b"head "))
    outgoing.add_file(file.fileno(), 2, 5)
    outgoing.add(memoryview(b" tail"))
    assert outgoing.send(ours) == 15
    assert theirs.recv(100) == b"head 23456 tail"
    assert not outgoing


def test_what_is_not_taken_stays(pair):
    ours, theirs = pair
    outgoing = Outgoing()
    outgoing.add(memoryview(bytes(3_000_000)))
    sent = outgoing.send(ours)
    assert 0 < sent < 3_000_000
    assert outgoing.send(ours) == 0
    assert theirs.recv(10)


def test_a_part_stays_in_memory_as_a_whole_until_its_last_byte_is_sent(pair):
    ours, theirs = pair
    outgoing = Outgoing()
    outgoing.add(memoryview(bytes(3_000_000)))
    outgoing.add(memoryview(b"tail"))
    taken = outgoing.send(ours)
    assert outgoing.memory_bytes == 3_000_004
    while taken < 3_000_000:
        theirs.recv(1_000_000)
        taken += outgoing.send(ours)
    assert outgoing.memory_bytes <= 4


def test_a_file_that_becomes_shorter_is_an_end_not_an_endless_loop(pair, file):
    outgoing = Outgoing()
    outgoing.add_file(file.fileno(), 0, 100)
    with pytest.raises(ConnectionResetError):
        outgoing.send(pair[0])


def test_forgetting_closes_files_and_frees_memory(file):
    before = sum(1 for _ in Path("/dev/fd").iterdir())
    outgoing = Outgoing()
    outgoing.add_file(file.fileno(), 0, 5)
    outgoing.add(memoryview(b"more"))
    outgoing.clear()
    assert sum(1 for _ in Path("/dev/fd").iterdir()) == before
    assert not outgoing
    assert outgoing.memory_bytes == 0
