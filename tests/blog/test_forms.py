from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.blog.fields import EntryFields
from homeport.blog.forms import MOST_SOURCE, FieldsError, as_form, read_form
from homeport.blog.scheduling import ClockNote

BERLIN = ZoneInfo("Europe/Berlin")
FULL = EntryFields(
    title="A title",
    subtitle="Below it",
    source="One\r\ntwo\n",
    slug="a-title",
    tags=("C++", "The web"),
    series="A year",
    series_position=3,
    description="What it says",
    language="de",
    canonical_url="https://example.org/a",
    link_url="/about",
    authors=("Ada", "Grace"),
    cover_media_id=7,
    cover_alt="A hill",
    comments_open=False,
    published_at=datetime(2026, 10, 25, 1, 30, 12, tzinfo=UTC),
)


def faults_of(**typed):
    with pytest.raises(FieldsError) as caught:
        read_form(typed, EntryFields(), BERLIN)
    return caught.value.faults


def test_a_form_that_comes_back_as_it_was_shown_changes_nothing():
    shown = as_form(FULL, BERLIN)
    sent = {**shown, "source": "One\r\ntwo\r\n"}
    assert read_form(sent, FULL, BERLIN).fields == FULL


def test_what_is_left_out_stays_as_it_is():
    assert read_form({"title": "New"}, FULL, BERLIN).fields == replace(FULL, title="New")


def test_values_that_could_not_be_typed_here_survive_as_long_as_nobody_touches_them():
    imported = replace(FULL, title="x" * 900, tags=("t" * 300,), canonical_url="odd", language="x-odd-one-indeed")
    assert read_form(as_form(imported, BERLIN), imported, BERLIN).fields == imported


def test_lists_are_typed_with_commas_and_each_name_counts_once():
    fields = read_form({"tags": " Rust, the  web ,,Rust"}, EntryFields(), BERLIN).fields
    assert fields.tags == ("Rust", "the web")


def test_a_date_on_a_night_when_the_clocks_change_is_noted():
    read = read_form({"published_at": "2026-03-29T02:30"}, EntryFields(), BERLIN)
    assert read.notes == (ClockNote.SKIPPED,)
    assert read.fields.published_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("title", "x" * 301),
        ("title", "a\x00b"),
        ("title", "half \ud800 a character"),
        ("source", "a\x00b"),
        ("source", "x" * (MOST_SOURCE + 1)),
        ("kind", "novel"),
        ("slug", "Not a slug"),
        ("slug", "../etc"),
        ("tags", "t" * 200),
        ("tags", "!!!"),
        ("tags", ",".join(f"tag{number}" for number in range(51))),
        ("series", "…"),
        ("series_position", "third"),
        ("series_position", "-1"),
        ("series_position", "٣"),
        ("language", "German"),
        ("canonical_url", "javascript:alert(1)"),
        ("canonical_url", "/here"),
        ("link_url", "//elsewhere"),
        ("authors", "?"),
        ("cover_media_id", "1e9"),
        ("comments_open", "maybe"),
        ("published_at", "tomorrow"),
        ("published_at", "2026-02-30T10:00"),
    ],
)
def test_what_cannot_be_stored_is_said_at_its_field(name, text):
    assert list(faults_of(**{name: text})) == [name]


def test_all_faults_are_told_at_once():
    assert set(faults_of(title="x" * 301, tags="t" * 200, published_at="soon")) == {"title", "tags", "published_at"}


def test_a_page_cannot_have_an_address_of_the_site_itself():
    assert "belongs to the site itself" in faults_of(kind="page", slug="studio")["slug"]


anything = st.text(max_size=40)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(as_form(EntryFields(), BERLIN), anything)))
def test_whatever_is_typed_is_refused_or_comes_back_the_same(typed):
    try:
        fields = read_form(typed, EntryFields(), BERLIN).fields
    except FieldsError:
        return
    assert EntryFields.from_json(fields.as_json()) == fields
    assert read_form(as_form(fields, BERLIN), fields, BERLIN).fields == fields
