"""A clock that jumps by hours: nobody is signed out or restarted, and everything happens when its time has come."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from homeport.ops import process
from tests.factories.media import a_noise
from tests.stack.containers.clock import JUMP_SECONDS, JUMPS, put_off
from tests.stack.containers.project import SITE
from tests.stack.containers.trouble import suffer

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

SOON_SECONDS = 8


@pytest.fixture(scope="module")
def movable(ours, author, clock_image):
    """Our stack with code that believes another clock."""
    before = ours.environment
    ours.environment = {**before, "SITE_IMAGE": clock_image}
    ours.up("--no-build")
    assert process.wait_until(lambda: author.reads("/studio/entries"), 30), ours.logs()
    yield ours
    ours.environment = before
    ours.up("--no-build")


def shown_by(site) -> datetime:
    """Return the moment at which the site says that it has answered last."""
    [line] = site.compose("logs", "--no-log-prefix", "--tail", "1", SITE).stdout.splitlines()
    # Compose writes for a terminal even where there is none.
    return datetime.fromisoformat(json.loads(line[line.index("{") :])["time"])


@pytest.mark.parametrize("jump", JUMPS, ids=lambda jump: jump.name)
def test_nobody_notices_a_jump(movable, author, jump, fault_table):
    before, refusals = [movable.master(), *movable.workers()], len(author.refusals)
    suffer(jump, movable, author, fault_table)
    assert [movable.master(), *movable.workers()] == before
    assert not author.refusals[refusals:]
    assert abs(shown_by(movable) - datetime.now(UTC)) > timedelta(seconds=JUMP_SECONDS - 60)


@pytest.mark.parametrize("off", [JUMP_SECONDS, -JUMP_SECONDS])
def test_a_post_appears_in_time_and_a_picture_is_made_smaller(movable, author, off):
    put_off(movable, off)
    slug = f"in-time-{off}".replace("--", "-minus-")
    movable.homeport("new", slug, "--slug", slug, "--file", "-", given="Here.\n")
    due = datetime.now(UTC) + timedelta(seconds=SOON_SECONDS)
    movable.homeport("publish", slug, "--at", due.isoformat())
    assert slug not in author.get("/").body.decode()
    assert process.wait_until(lambda: slug in author.get("/").body.decode(), SOON_SECONDS + 10)
    assert datetime.now(UTC) >= due
    assert author.get(f"/posts/{slug}").status == 200
    picture = author.upload(a_noise(size=(600, 100 + off // JUMP_SECONDS)))
    small = f"{picture.rpartition('/')[0]}/w/480.avif"
    assert process.wait_until(lambda: author.get(small).headers["Content-Type"] == "image/avif", 30), movable.logs()
