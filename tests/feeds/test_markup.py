"""XML from any text."""

from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest

from homeport.feeds.markup import clean, element, empty, stamp, wrap


@pytest.mark.parametrize("forbidden", ["\x00", "\x08", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_left_out(forbidden: str) -> None:
    assert clean(f"a{forbidden}b") == "ab"


@pytest.mark.parametrize("allowed", ["\t", "\n", "\r", "\x85", "é", "\ue000", "\U0001f600", "\U0010ffff"])
def test_what_xml_allows_stays(allowed: str) -> None:
    assert clean(f"a{allowed}b") == f"a{allowed}b"


def test_text_and_attributes_come_back_as_they_were() -> None:
    text = "<b>\"Q&A\"</b> 'x' ]]> <!-- --> &amp;"
    found = ET.fromstring(element("name", text, value=text))
    assert (found.text, found.get("value")) == (text, text)


def test_an_underscore_in_an_attribute_is_a_colon() -> None:
    assert empty("feed", xml_lang="en") == '<feed xml:lang="en"/>'


def test_elements_nest() -> None:
    assert wrap("a", [empty("b"), element("c", "d")], e="f") == '<a e="f">\n<b/>\n<c>d</c>\n</a>'


def test_a_moment_is_written_in_utc_without_fractions() -> None:
    berlin = timezone(timedelta(hours=2))
    assert stamp(datetime(2026, 6, 9, 1, 30, 0, 999, tzinfo=berlin)) == "2026-06-08T23:30:00Z"
    assert stamp(datetime(33, 1, 1, tzinfo=UTC)) == "0033-01-01T00:00:00Z"
