from collections.abc import Callable

import pytest

from homeport.errors import UnavailableError
from homeport.ops.services import LONGEST_STOP_SECONDS, PostgresService


class GoneServer:
    """A server whose process has ended with a code, or runs on without one."""

    def __init__(self, code: int | None) -> None:
        self.process = self
        self.returncode = code
        self.poll: Callable[[], int | None] = lambda: code
        self.stands_still = False
        self.was_killed = False

    def is_stopped(self) -> bool:
        return self.stands_still

    def kill(self) -> None:
        self.was_killed = True

    def start(self) -> None:
        raise OSError(28, "No space left on device")


def test_the_database_is_at_fault_when_its_process_has_ended():
    assert PostgresService(GoneServer(-9)).fault(0) == "was ended by SIGKILL"
    assert PostgresService(GoneServer(2)).fault(0) == "ended with code 2"


def test_all_is_well_while_it_runs():
    assert PostgresService(GoneServer(None)).fault(0) == ""


def test_it_is_killed_when_it_stands_still_for_long():
    server = GoneServer(None)
    service = PostgresService(server)
    server.stands_still = True
    assert service.fault(100.0) == ""
    assert service.fault(100.0 + LONGEST_STOP_SECONDS) == ""
    assert service.fault(100.1 + LONGEST_STOP_SECONDS) == "stands still"
    service.kill()
    assert server.was_killed


def test_it_may_stand_still_for_a_moment():
    server = GoneServer(None)
    service = PostgresService(server)
    for now, stands_still in ((100.0, True), (101.0, False), (200.0, True)):
        server.stands_still = stands_still
        assert service.fault(now) == ""
    server.stands_still = False
    service.fault(201.0)
    service.kill()
    assert not server.was_killed


def test_what_the_system_refuses_is_a_reason_to_try_again_later():
    with pytest.raises(UnavailableError, match="No space left"):
        PostgresService(GoneServer(None)).start()
