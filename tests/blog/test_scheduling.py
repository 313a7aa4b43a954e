from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.blog.scheduling import ClockNote, DateError, is_later, read_local, write_local, write_out

BERLIN = ZoneInfo("Europe/Berlin")
LATER = datetime(2099, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Monrovia", "Pacific/Apia"]


def test_a_local_time_is_read_in_the_sites_time_zone():
    assert read_local("2026-12-24T08:00", BERLIN).at == datetime(2026, 12, 24, 7, 0, tzinfo=UTC)
    assert read_local("2026-07-24 08:00", BERLIN).at == datetime(2026, 7, 24, 6, 0, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_moved_forward_and_that_is_said():
    moment = read_local("2026-03-29T02:30", BERLIN)
    assert write_local(moment.at, BERLIN) == "2026-03-29T03:30"
    assert moment.note is ClockNote.SKIPPED
    assert "moved forward" in moment.note.sentence


def test_of_a_time_that_comes_twice_the_first_is_meant_and_that_is_said():
    moment = read_local("2026-10-25T02:30", BERLIN)
    assert moment.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment.note is ClockNote.TWICE
    assert "the first time is meant" in moment.note.sentence


def test_a_time_with_its_own_offset_is_taken_as_it_is():
    assert read_local("2026-10-25T02:30+01:00", BERLIN).at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-13-01T00:00",
        "2026-02-30T10:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59-10:00",
        "9999-12-31T23:59Z",
        "20260101",
        "é",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(DateError):
        read_local(text, BERLIN)


@given(st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)), st.sampled_from(ZONES))
def test_what_is_read_is_shown_the_same_unless_something_was_said(typed, name):
    zone = ZoneInfo(name)
    text = typed.strftime("%Y-%m-%dT%H:%M").zfill(16)
    moment = read_local(text, zone)
    assert write_local(moment.at, zone) == text or moment.note is ClockNote.SKIPPED


def test_a_moment_is_written_out_as_the_sites_clock_shows_it():
    assert write_out(datetime(2026, 11, 24, 8, 0, tzinfo=UTC), BERLIN) == "24 November 2026, 09:00"


@pytest.mark.parametrize(("moment", "answer"), [(None, False), (FIRST, False), (LATER, True)])
def test_only_a_date_to_come_is_later(moment, answer):
    assert is_later(moment) is answer
