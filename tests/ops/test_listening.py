import socket
import threading

import pytest

from homeport.errors import UnavailableError
from homeport.ops import listening
from homeport.ops.listening import PortBusyError, listen, listen_on_loopback, port_of


@pytest.fixture
def taken():
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def close(listeners):
    for listener in listeners:
        listener.close()


def test_a_port_that_must_not_move_is_refused_by_name_when_it_is_taken(taken):
    with pytest.raises(PortBusyError) as refusal:
        listen_on_loopback(taken, may_move=False)
    assert str(taken) in str(refusal.value)


def test_a_port_that_may_move_moves_to_the_next_free_one(taken):
    listeners = listen_on_loopback(taken, may_move=True)
    assert taken < port_of(listeners) < taken + listening.PORTS_TO_TRY
    close(listeners)


@pytest.mark.parametrize("may_move", [False, True])
def test_a_port_that_is_about_to_be_free_is_waited_for(may_move):
    dying = socket.create_server(("127.0.0.1", 0))
    port = dying.getsockname()[1]
    timer = threading.Timer(0.3, dying.close)
    timer.start()
    listeners = listen_on_loopback(port, may_move=may_move, patience_seconds=10)
    assert port_of(listeners) == port
    close(listeners)
    timer.join()


def test_it_is_not_taken_on_one_address_while_another_program_has_it_on_the_other():
    try:
        other = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with other, pytest.raises(PortBusyError):
        listen_on_loopback(other.getsockname()[1], may_move=False)


def test_only_this_machine_can_connect(taken):
    listeners = listen_on_loopback(taken + 1, may_move=True)
    assert {listener.getsockname()[0] for listener in listeners} <= {"127.0.0.1", "::1"}
    close(listeners)


def test_an_address_that_the_machine_does_not_have_is_named():
    with pytest.raises(UnavailableError, match=r"192\.0\.2\.1"):
        listen(["192.0.2.1"], 5000)


def test_an_address_beyond_reach_does_not_matter_beside_one_that_is_not():
    listeners = listen(["127.0.0.1", "192.0.2.1"], 0)
    assert [listener.getsockname()[0] for listener in listeners] == ["127.0.0.1"]
    close(listeners)
