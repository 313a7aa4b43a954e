import socket
import threading

from homeport.net.deadline import Deadline


def test_a_reader_wakes_up_when_the_time_is_up() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Deadline(0.05) as deadline:
        deadline.watch(ours)
        assert ours.recv(1) == b""
        assert deadline.is_over


def test_nothing_is_shut_before_and_nothing_is_left_running() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Deadline(30) as deadline:
            deadline.watch(ours)
            assert not deadline.is_over
            assert 29 < deadline.remaining_seconds <= 30
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer) and thread.is_alive()]


def test_the_time_left_is_never_for_ever() -> None:
    assert Deadline(-1).remaining_seconds > 0
