import time

import pytest

from tests.factories.blog import make_entry
from tests.factories.comments import Clock, Commenter


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(time.time())
    monkeypatch.setattr("time.time", clock)
    return clock


@pytest.fixture
def entry(session):
    return make_entry(session, slug="hill", title="The hill")


@pytest.fixture
def commenter(client, clock, entry):
    return Commenter(client, clock, entry)
