from collections.abc import Callable

from homeport.ops.services import PostgresService


class GoneServer:
    """A server whose process has ended with a code, or runs on without one."""

    def __init__(self, code: int | None) -> None:
        self.process = self
        self.returncode = code
        self.poll: Callable[[], int | None] = lambda: code


def test_the_database_is_at_fault_when_its_process_has_ended():
    assert PostgresService(GoneServer(-9)).fault(0) == "was ended by SIGKILL"
    assert PostgresService(GoneServer(2)).fault(0) == "ended with code 2"


def test_all_is_well_while_it_runs():
    assert PostgresService(GoneServer(None)).fault(0) == ""
