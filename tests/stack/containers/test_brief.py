"""The compose file of the plan, unchanged, with nothing but its six variables."""

import pytest

from homeport.ops import process
from tests.stack.containers.author import Author
from tests.stack.containers.keeping import Belongings
from tests.stack.containers.project import DATABASE, PROXY, SITE

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def belongings(brief):
    """A site that is up under the file, and somebody's work on it."""
    brief.up("--build")
    author = Author(brief)
    assert process.wait_until(author.reads, 30), brief.logs()
    author.sign_up()
    return Belongings.of(author)


def test_it_runs_this_site_and_finds_it_healthy(brief, belongings):
    assert brief.wait_until_healthy(SITE)
    assert brief.container(SITE)["Config"]["Cmd"] == ["homeport", "serve"]
    assert brief.homeport("--version").startswith("homeport, version")


def test_its_three_ports_are_those_of_the_file(brief, belongings):
    bound = {
        name: sorted(
            int(port["HostPort"]) for ports in each["NetworkSettings"]["Ports"].values() for port in ports or ()
        )
        for name, each in brief.containers().items()
    }
    assert {name: set(ports) for name, ports in bound.items()} == {PROXY: {80, 81, 443}, SITE: set(), DATABASE: set()}


def test_a_page_is_https_because_the_proxy_says_so(belongings):
    assert belongings.author.cookie.startswith("__Host-homeport=")


def test_nothing_is_lost_when_every_container_is_made_anew(brief, belongings):
    before = brief.container(SITE)["Id"]
    brief.up("--force-recreate")
    assert brief.container(SITE)["Id"] != before
    assert belongings.are_there(brief)


def test_nothing_is_lost_between_down_and_up(brief, belongings):
    brief.down()
    assert brief.containers() == {}
    brief.up()
    assert belongings.are_there(brief)


def test_a_database_that_dies_makes_no_restart_loop(brief, belongings):
    before = brief.restarts(SITE)
    brief.compose("stop", DATABASE)
    assert process.wait_until(lambda: b'"away"' in belongings.author.get("/readyz").body, 10)
    brief.compose("start", DATABASE)
    assert belongings.are_there(brief)
    assert brief.restarts(SITE) == before
