"""One thousand acknowledged writes while everything that can be killed is killed: none may be missing afterwards."""

import signal
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from homeport.blog.actions import EntryInput, create_entry
from homeport.db.session import Database
from homeport.errors import UnavailableError
from homeport.ops import probe
from homeport.ops.postgres import running

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

WRITES = 1000
GIVE_UP_SECONDS = 60.0


class Author:
    """Publishes posts, one after the other, and remembers those that were acknowledged."""

    def __init__(self, uri: str) -> None:
        self.database = Database(uri)
        self.tried = 0
        self.acknowledged: list[str] = []

    def publish(self, count: int) -> None:
        """Publish until so many more have been acknowledged."""
        wanted = len(self.acknowledged) + count
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while len(self.acknowledged) < wanted:
            self.tried += 1
            slug = f"post-{self.tried}"
            try:
                with self.database.transaction() as session:
                    create_entry(session, EntryInput(title=slug, slug=slug, source="Kept.", state="published"))
            except (UnavailableError, DBAPIError):
                assert time.monotonic() < deadline, "the database did not come back"
                time.sleep(0.05)
            else:
                self.acknowledged.append(slug)
                deadline = time.monotonic() + GIVE_UP_SECONDS

    def missing(self) -> set[str]:
        """Return what was acknowledged and is not there."""
        with self.database.reader() as connection:
            kept = set(connection.execute(text("select slug from entry")).scalars())
        return set(self.acknowledged) - kept


def test_a_thousand_acknowledged_writes_survive_all_that_can_happen(stack):
    assert stack.up().returncode == 0
    with running(stack.folder.root) as uri:
        author = Author(uri)
    author.publish(WRITES // 10)
    for accident in (
        lambda: stack.workers()[0].send(signal.SIGKILL),
        lambda: stack.database().send(signal.SIGKILL),
        lambda: stack.master().send(signal.SIGKILL),
        lambda: stack.master().send(signal.SIGSTOP),
        lambda: [worker.send(signal.SIGSTOP) for worker in stack.workers()],
        lambda: (stack.database().send(signal.SIGKILL), stack.master().send(signal.SIGKILL)),
    ):
        accident()
        author.publish(WRITES // 10)
        assert stack.wait_until_ready(), stack.run("logs").stdout
    stack.supervisor().send(signal.SIGKILL)
    assert stack.up().returncode == 0
    author.publish(WRITES - len(author.acknowledged))
    assert len(author.acknowledged) >= WRITES
    assert author.missing() == set()
    for slug in author.acknowledged[::50]:
        answer = probe.ask(("127.0.0.1", stack.port), f"/posts/{slug}", seconds=10)
        assert answer is not None
        assert answer.status == 200


def test_a_stopped_master_is_replaced_although_its_workers_answer(stack):
    assert stack.up().returncode == 0
    before = stack.master()
    before.send(signal.SIGSTOP)
    assert before.wait(60)
    assert stack.wait_until_ready()
    assert stack.master() != before


def test_the_next_start_ends_what_a_killed_supervisor_left_behind(stack):
    assert stack.up().returncode == 0
    master, workers = stack.master(), stack.workers()
    # Stopped, it cannot end by itself; its workers go on answering on the same port.
    master.send(signal.SIGSTOP)
    stack.supervisor().send(signal.SIGKILL)
    assert stack.up().returncode == 0
    assert not master.is_alive()
    assert not any(worker.is_alive() for worker in workers)
    assert stack.is_ready()
