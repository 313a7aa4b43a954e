"""Clocks that differ are found, whosever they are."""

import time
from email.utils import formatdate

import pytest

from homeport.ops.doctor import clocks
from homeport.ops.doctor.findings import NotApplicableError
from homeport.ops.doctor.view import View
from tests.factories.servers import answer, raw_server


def test_a_database_in_the_future_is_found(world, monkeypatch):
    monkeypatch.setattr(clocks, "CLOCK", f"{clocks.CLOCK} + 60")
    [finding] = world.look("clocks")
    assert finding.what in {f"the database is {seconds} seconds ahead of this machine" for seconds in (59, 60, 61)}


def test_a_web_server_in_the_past_is_found(world):
    date = formatdate(time.time() - 3600, usegmt=True)
    with raw_server(answer(b"{}", "200 OK", f"Date: {date}")) as late:
        world.change(inside=View.of(late.url()))
        [finding] = world.look("clocks")
    assert finding.what.startswith("the clock at http://127.0.0.1:")
    assert finding.what.endswith("seconds behind this machine")


def test_without_any_other_clock_there_is_nothing_to_compare(world):
    with raw_server(answer(b"{}")) as dateless:
        world.change(inside=View.of(dateless.url()), outside=None, database_uri="")
        with pytest.raises(NotApplicableError):
            world.look("clocks")
