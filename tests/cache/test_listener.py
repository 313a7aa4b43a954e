import os
import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from homeport.cache import listener as module
from homeport.cache.listener import Listener
from homeport.cache.shared import SharedRevision
from homeport.ops.process import wait_until
from tests.factories.blog import make_entry

BACKENDS = text("select pid from pg_stat_activity where application_name = 'homeport listener'")


@pytest.fixture
def listener(committed, committed_uri) -> Iterator[Listener]:
    listener = Listener(committed_uri, SharedRevision())
    listener.start()
    assert listener.wait_until_current(5)
    yield listener
    listener.stop()


def publish(committed) -> None:
    with committed.transaction() as session:
        make_entry(session)


def backend(committed) -> int:
    with committed.reader() as reader:
        return int(reader.execute(BACKENDS).scalar_one())


def test_a_change_is_heard_of_at_once(committed, listener):
    before = listener.knowledge.revision
    publish(committed)
    assert wait_until(lambda: listener.knowledge.revision == before + 1, 0.5)


def test_who_has_yet_to_hear_of_what_is_committed_here_knows_it(committed, listener):
    listener.shared.tell(listener.knowledge.revision + 1)
    assert not listener.is_current()


def test_a_lost_connection_is_made_anew_and_nothing_is_missed(committed, listener):
    before = listener.knowledge.revision
    with committed.record_now() as connection:
        connection.execute(text("select pg_terminate_backend(:pid)"), {"pid": backend(committed)})
    publish(committed)
    assert wait_until(lambda: listener.is_current() and listener.knowledge.revision == before + 1, 5)


def test_a_connection_that_dies_silently_is_not_believed(committed, listener):
    silent = backend(committed)
    os.kill(silent, signal.SIGSTOP)
    try:
        assert wait_until(lambda: not listener.is_current(), 2 * module.LOST_SECONDS)
        publish(committed)
        assert wait_until(listener.is_current, 10)
    finally:
        os.kill(silent, signal.SIGCONT)


def test_the_echo_keeps_it_current(committed, listener):
    for _ in range(8):
        time.sleep(0.4)
        assert listener.is_current()


def test_a_revision_that_no_database_has_is_forgotten(committed, listener, monkeypatch):
    monkeypatch.setattr(module, "LOST_SECONDS", 0.5)
    monkeypatch.setattr(module, "ECHO_SECONDS", 0.1)
    listener.shared.tell(listener.knowledge.revision + 1000)
    assert not listener.is_current()
    assert wait_until(listener.is_current, 5)
