from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from homeport.exchange.dates import date_in_name, date_in_path, read_date, without_date

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (datetime(2020, 1, 2, 3, 4, tzinfo=UTC), "2020-01-02T03:04:00+00:00"),
        (datetime(2020, 7, 2, 3, 4), "2020-07-02T03:04:00+02:00"),  # noqa: DTZ001 - a date without a zone is what is tested
        (date(2020, 1, 2), "2020-01-02T00:00:00+01:00"),
        ("2020-01-02", "2020-01-02T00:00:00+01:00"),
        ("2020-1-2 9:05", "2020-01-02T09:05:00+01:00"),
        ("2020-01-02 10:00:00 +0100", "2020-01-02T10:00:00+01:00"),
        ("2020-01-02T10:00:00Z", "2020-01-02T10:00:00+00:00"),
        ("2010-12-03 10:20", "2010-12-03T10:20:00+01:00"),
        ("2020/01/02", "2020-01-02T00:00:00+01:00"),
        ("2 January 2020", "2020-01-02T00:00:00+01:00"),
        ("Jan 2, 2020", "2020-01-02T00:00:00+01:00"),
        ("Thu, 02 Jan 2020 10:00:00 GMT", "2020-01-02T10:00:00+00:00"),
    ],
)
def test_dates_of_all_tools_are_read_in_the_sites_zone(written, meant):
    moment = read_date(written, BERLIN)
    assert moment is not None
    assert moment.isoformat() == meant


@pytest.mark.parametrize("written", [None, "", "  ", "0001-01-01T00:00:00Z"])
def test_no_date_and_hugos_zero_date_are_none(written):
    assert read_date(written, BERLIN) is None


@pytest.mark.parametrize(
    "written",
    ["0000-01-01", "99999-01-01", "0099-01-01", "9999-12-31", "2020-02-30", "yesterday", 20200102, [1], {}, True],
)
def test_a_date_that_cannot_be_is_an_error(written):
    with pytest.raises(ValueError, match=r"\w"):
        read_date(written, BERLIN)


def test_names_and_paths_can_have_a_date():
    assert date_in_name("2020-01-02-title", UTC) == datetime(2020, 1, 2, tzinfo=UTC)
    assert date_in_name("2020-01-02", UTC) == datetime(2020, 1, 2, tzinfo=UTC)
    assert date_in_name("v2020-01-02", UTC) is None
    assert date_in_name("2020-13-02-x", UTC) is None
    assert date_in_path("/blog/2020/1/2/title", UTC) == datetime(2020, 1, 2, tzinfo=UTC)
    assert date_in_path("2020/99/99/title", UTC) is None


def test_the_date_is_taken_off_a_name():
    assert without_date("2020-01-02-title") == "title"
    assert without_date("2020-01-02_title") == "title"
    assert without_date("2020-01-02") == "2020-01-02"
    assert without_date("title") == "title"
