import os
import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from homeport.cache import listener as module
from homeport.cache.listener import Listener, LostError
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


class TestBeingCutOff:
    @pytest.fixture(autouse=True)
    def _impatience(self, monkeypatch):
        monkeypatch.setattr(module, "LOST_SECONDS", 0.3)
        monkeypatch.setattr(module, "ECHO_SECONDS", 0.05)

    def test_a_server_that_cannot_be_reached_anew_is_known_to_be_away_until_it_is_back(self, listener, monkeypatch):
        assert not listener.is_cut_off()
        monkeypatch.setattr(module, "_execute", lose)
        monkeypatch.setattr(module, "_connect", lose)
        assert wait_until(listener.is_cut_off, 5)
        monkeypatch.undo()
        assert wait_until(lambda: not listener.is_cut_off(), 5)

    def test_a_lost_connection_alone_is_not_enough(self, committed, listener):
        silent = backend(committed)
        os.kill(silent, signal.SIGSTOP)
        try:
            assert wait_until(lambda: not listener.is_current(), 5)
            assert not listener.is_cut_off()
        finally:
            os.kill(silent, signal.SIGCONT)

    def test_a_server_that_refuses_is_there(self, listener, monkeypatch):
        monkeypatch.setattr(module, "DECISION_SECONDS", 0.5)
        monkeypatch.setattr(module, "_execute", lose)
        monkeypatch.setattr(module, "_connect", refuse)
        assert wait_until(lambda: not listener.is_current(), 5)
        assert not listener.is_cut_off()

    def test_whoever_has_committed_on_this_host_has_reached_it(self, listener, monkeypatch):
        monkeypatch.setattr(module, "_execute", lose)
        monkeypatch.setattr(module, "_connect", lose)
        assert wait_until(listener.is_cut_off, 5)
        listener.shared.tell(listener.knowledge.revision + 1)
        assert not listener.is_cut_off()


def lose(*_given):
    raise LostError("no answer")


def refuse(*_given):
    raise OSError("FATAL: sorry, too many clients already")


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
