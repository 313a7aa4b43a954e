"""What requests leave behind, on a whole site: done beside the web server, and done again after a kill."""

import json
import signal
import subprocess
from urllib.request import urlopen

import pytest

from homeport.ops import process
from homeport.ops.process import ProcessId
from tests.factories.media import a_noise

pytestmark = pytest.mark.stack


def companion_of(stack) -> ProcessId:
    """Return the jobs worker: the youngest child of the web server's master."""
    assert process.wait_until(lambda: len(stack.workers()) > 2, 20)
    return stack.workers()[-1]


def add_picture(stack, tmp_path, width: int) -> str:
    """Add a picture to the library; return the address it is served under."""
    file = tmp_path / f"{width}.png"
    file.write_bytes(a_noise(size=(width, 100)))
    [stored] = json.loads(stack.run("media", "add", "--json", str(file)).stdout)
    path: str = stored["path"]
    return f"http://127.0.0.1:{stack.port}{path}"


def has_form(address: str) -> bool:
    """Say whether a smaller form of the picture has been made, and not only the picture that stands in for it."""
    with urlopen(f"{address.rpartition('/')[0]}/w/480.avif") as answer:
        return bool(answer.headers["Content-Type"] == "image/avif")


def is_offered(stack, number: int) -> bool:
    return len(list((stack.folder.root / "cache" / "media").glob("*/*-480.avif"))) == number


def test_pictures_get_their_forms_although_the_worker_is_killed(stack, tmp_path):
    assert stack.up().returncode == 0
    first = companion_of(stack)
    address = add_picture(stack, tmp_path, 600)
    assert process.wait_until(lambda: is_offered(stack, 1), 30)
    assert has_form(address)
    first.send(signal.SIGKILL)
    address = add_picture(stack, tmp_path, 601)
    assert process.wait_until(lambda: is_offered(stack, 2), 30)
    assert has_form(address)
    assert companion_of(stack) != first


def test_jobs_are_done_by_a_process_of_their_own_where_that_is_wanted(stack, tmp_path):
    assert stack.up(JOBS="separate").returncode == 0
    add_picture(stack, tmp_path, 600)
    assert len(stack.workers()) == 2
    command = [*stack.command("jobs")]
    with subprocess.Popen(command, env=stack.surroundings(), stderr=subprocess.PIPE) as worker:
        assert process.wait_until(lambda: is_offered(stack, 1), 30)
        worker.terminate()
        assert worker.wait(20) == 0


def test_the_worker_does_not_outlive_the_site(stack):
    assert stack.up().returncode == 0
    worker = companion_of(stack)
    stack.supervisor().send(signal.SIGKILL)
    assert worker.wait(20)
