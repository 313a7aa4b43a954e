import pytest

from homeport.exchange.fields import MAX_ITEMS, Fields, clean, scalar
from homeport.exchange.notices import FileRefusedError


def test_case_hyphens_and_underscores_make_no_difference():
    fields = Fields({"Canonical-URL": "https://a.example/"}, "")
    assert fields.text("canonical_url") == fields.text("canonicalURL") == "https://a.example/"


def test_the_top_wins_over_tables_of_the_authors_own():
    assert Fields({"extra": {"lang": "de"}, "lang": "en"}, "").text("lang") == "en"
    assert Fields({"extra": {"lang": "de"}}, "").text("lang") == "de"


def test_items_come_from_lists_texts_and_taxonomies_each_once():
    fields = Fields({"tags": "a, b", "categories": ["b", {"name": "c"}], "taxonomies": {"tags": ["d", "a"]}}, "")
    assert fields.items("tags", "categories") == ("a", "b", "d", "c")


def test_a_list_is_never_turned_into_text_so_bombs_stay_small():
    bomb: list[object] = ["boom"]
    for _ in range(60):
        bomb = [bomb] * 10
    fields = Fields({"title": bomb, "tags": bomb, "draft": bomb, "series_index": bomb}, "")
    assert (fields.text("title"), fields.items("tags"), fields.flag("draft")) == ("", (), None)
    assert fields.number("series_index") is None


def test_there_are_not_more_items_than_a_page_can_show():
    assert len(Fields({"tags": [str(number) for number in range(1000)]}, "").items("tags")) == MAX_ITEMS


def test_a_number_beyond_all_bounds_is_nothing():
    assert scalar(10**5000) == ""
    assert Fields({"weight": "9" * 50}, "").number("weight") is None


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_what_cannot_be_stored_is_refused_with_its_line(text):
    with pytest.raises(FileRefusedError) as refused:
        Fields({"title": text}, '---\nid: 1\ntitle: "…"\n---\n').text("title")
    assert refused.value.line == 3


def test_clean_makes_one_line():
    assert clean(" a\n  b\tc ") == "a b c"


def test_the_line_of_a_key_is_found_in_every_format():
    assert Fields({}, "---\na: 1\nredirect_from:\n---\n").line_of("redirect_from") == 3
    assert Fields({}, "+++\ndate = 1\n+++\n").line_of("date") == 2
    assert Fields({}, '{\n"aliases": []\n}').line_of("aliases") == 2
    assert Fields({}, "").line_of("date") is None
