"""The same healing where a site is run otherwise: under the compose file of the plan, and by `bin/up` alone."""

import socket

import pytest

from homeport.ops import process
from homeport.ops.folder import DataFolder
from tests.stack.conftest import Stack
from tests.stack.containers.author import Author
from tests.stack.containers.clock import JUMPS
from tests.stack.containers.conftest import a_disk
from tests.stack.containers.local import Local
from tests.stack.containers.project import LOCAL, PLAN
from tests.stack.containers.trouble import OUTAGE_SECONDS, POWER_AT_HOME, faults_of, power_of, suffer

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300 + OUTAGE_SECONDS)]


@pytest.fixture(scope="module")
def planned(brief, clock_image):
    """Somebody with an account on a site that is up under the plan's file, with a clock that can be moved."""
    (brief.root / "Dockerfile").write_text(f"FROM {clock_image}\n")
    brief.up("--build")
    return signed_up(Author(brief))


@pytest.fixture(scope="module")
def at_home(tmp_path_factory):
    """Somebody with an account on a site that `bin/up` has started."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with a_disk(tmp_path_factory.mktemp("local")) as disk:
        site = Local(Stack(DataFolder(disk / "data"), port), disk)
        site.start()
        yield signed_up(Author(site))
        site.end()


def signed_up(author: Author) -> Author:
    assert process.wait_until(author.reads, 30), author.project.logs()
    author.sign_up()
    return author


@pytest.mark.parametrize("fault", [*faults_of(PLAN), *JUMPS], ids=lambda fault: fault.name)
def test_under_the_plans_file(planned, fault, fault_table):
    suffer(fault, planned.project, planned, fault_table)


def test_the_plans_site_comes_back_with_the_engine(engine, planned, fault_table):
    engine.require_ours()
    suffer(power_of(engine), planned.project, planned, fault_table)


@pytest.mark.parametrize("fault", [*faults_of(LOCAL), POWER_AT_HOME], ids=lambda fault: fault.name)
def test_under_bin_up(at_home, fault, fault_table):
    suffer(fault, at_home.project, at_home, fault_table)
