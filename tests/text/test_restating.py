from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from homeport.text.frontmatter import split
from homeport.text.restating import restate

TITLE, TAGS, DRAFT = ("title",), ("tags", "categories"), ("draft",)
BLOCK = """---
# my own notes
title:   "Old"   # keep me if you can
tags:
- one
- two

odd_key: {a: [1, 2]}
date: 2020-01-02
"description": >-
  Folded
  words
---
"""


def test_only_the_lines_of_what_changed_are_other_lines():
    assert restate(BLOCK, {TITLE: "New"}) == BLOCK.replace('title:   "Old"   # keep me if you can', "title: New")


def test_a_list_goes_with_its_lines():
    changed = restate(BLOCK, {TAGS: ("three",)})
    assert changed == BLOCK.replace("- one\n- two\n", "- three\n")


def test_what_became_empty_goes():
    changed = restate(BLOCK, {("description", "summary"): "", TAGS: ()})
    assert changed == BLOCK.replace('"description": >-\n  Folded\n  words\n', "").replace("tags:\n- one\n- two\n", "")


def test_what_was_not_stated_stays_unmentioned():
    assert restate(BLOCK, {("subtitle",): "New", ("series",): "A year"}) == BLOCK


def test_what_is_said_already_changes_nothing():
    assert restate(BLOCK, {TITLE: "Old", TAGS: ["one", "two"]}) == BLOCK


def test_line_endings_are_kept():
    block = BLOCK.replace("\n", "\r\n")
    assert restate(block, {TITLE: "New"}) == restate(BLOCK, {TITLE: "New"}).replace("\n", "\r\n")


def test_another_word_for_it_is_found_and_doubles_go():
    block = "---\ntags: [a]\nCategories: [b]\n---\n"
    assert split(restate(block, {TAGS: ("c",)})).data == {"tags": ["c"]}


def test_one_author_stays_a_word():
    assert restate("---\nauthor: Ada\n---\n", {("authors", "author"): ("Grace",)}) == "---\nauthor: Grace\n---\n"


def test_words_that_would_mean_something_in_yaml_are_quoted():
    for title in ("yes", "a: b", "- x", "'", '"', "{", "ü\u2028", "2020-01-01", "#"):
        assert split(restate("---\ntitle: Old\n---\n", {TITLE: title})).data == {"title": title}


@pytest.mark.parametrize(
    "block",
    [
        '+++\ntitle = "Old"\ndate = 2020-01-02T10:00:00Z\nt = 10:00:00\n[extra]\na = 1\n+++\n',
        '{"title": "Old", "extra": {"a": 1}}\n',
        "---\n{title: Old, extra: {a: 1}}\n---\n",
    ],
)
def test_what_cannot_be_changed_in_place_is_written_anew_with_all_it_said(block):
    changed = restate(block, {TITLE: "New"})
    data = split(changed).data
    assert data["title"] == "New"
    assert data["extra"] == {"a": 1}
    assert set(data) == set(split(block).data)


def test_a_key_in_a_table_of_the_tools_is_changed_there():
    changed = restate("---\nparams:\n  subtitle: Old\n  x: 1\n---\n", {("subtitle",): "New"})
    assert split(changed).data == {"params": {"subtitle": "New", "x": 1}}


def test_lines_without_a_fence_are_changed_too():
    block = "Title: Old\nTags: a, b\nX: y\n\n"
    at = datetime(2020, 1, 2, 10, 30, tzinfo=UTC)
    changed = restate(block + "Date: 2019-01-01\n", {TITLE: "New", TAGS: ("c", "d"), ("date",): at})
    assert changed == "Title: New\nTags: c, d\nX: y\n\nDate: 2020-01-02 10:30\n"


def test_what_cannot_be_read_stays_as_it_is():
    assert restate("---\n[: broken\n---\n", {TITLE: "New"}) == "---\n[: broken\n---\n"


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
values = st.one_of(words, st.integers(0, 99), st.booleans(), st.lists(words, max_size=3))


@given(st.dictionaries(st.sampled_from(["title", "tags", "odd", "date x", "no"]), values, min_size=1), words)
def test_everything_else_says_the_same(data, title):
    block = f"---\n{yaml.safe_dump(data, sort_keys=False, allow_unicode=True)}---\n"
    before = split(block).data
    after = split(restate(block, {TITLE: title})).data
    assert {key: value for key, value in after.items() if key != "title"} == {
        key: value for key, value in before.items() if key != "title"
    }
    if "title" in before and title:
        assert after["title"] == title
