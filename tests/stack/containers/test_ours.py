"""Our compose file through the same as the plan's: containers made anew, everything taken down and up."""

import pytest

from tests.stack.containers.keeping import Belongings
from tests.stack.containers.project import PROXY, SITE

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

BROKEN = "services: {postgres: {healthcheck: {test: [CMD, 'false'], interval: 1s, retries: 2, start_period: 0s}}}"


@pytest.fixture
def belongings(author):
    return Belongings.of(author)


def test_compose_itself_finds_nothing_wrong(ours):
    assert ours.compose("config", "--quiet").stderr == ""


def test_nothing_is_lost_when_every_container_is_made_anew(ours, belongings):
    before = ours.container(SITE)["Id"]
    ours.up("--force-recreate")
    assert ours.container(SITE)["Id"] != before
    assert belongings.are_there(ours)


def test_nothing_is_lost_between_down_and_up_although_the_first_try_fails(ours, belongings):
    """The order holds in the other direction too: without a healthy database, nobody serves half a site."""
    ours.down()
    assert ours.containers() == {}
    (ours.root / "broken.yaml").write_text(BROKEN)
    files = ("-f", "compose.yaml", "-f", "compose.override.yaml", "-f", "broken.yaml")
    failed = ours.compose(*files, "up", "--detach", check=False)
    assert failed.returncode != 0
    assert "unhealthy" in failed.stderr
    assert {ours.container(each)["State"]["Status"] for each in (SITE, PROXY)} == {"created"}
    ours.up()
    assert belongings.are_there(ours)


def test_a_forged_address_and_host_change_nothing(ours, author):
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Real-IP": "6.6.6.6"}
    page = author.get("/", forged)
    assert page.status == 200
    assert b"evil.example" not in page.body
