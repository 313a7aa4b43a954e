import re
from pathlib import Path

import pytest

from homeport.cache.keys import LONGEST_PATH, MEANINGFUL, page_key

FOR_READERS = ("blog/views.py", "comments/part.py", "feeds/views.py", "site/views.py")


@pytest.mark.parametrize("query", ["", "utm_source=letter", "fbclid=a%20b&x", "=", "&&", "BEFORE=first"])
def test_what_no_page_looks_at_makes_no_other_page(query):
    assert page_key("/posts/first", query) == "/posts/first"


@pytest.mark.parametrize("query", ["before=first", "x=1&before=", "thread=a", "after=b", "before"])
def test_a_part_of_a_list_is_not_stored(query):
    assert page_key("/", query) is None


@pytest.mark.parametrize("query", ["bef%6fre=first", "be+fore=1", "a=%00"])
def test_a_parameter_that_could_be_another_is_left_to_the_application(query):
    assert page_key("/", query) is None


@pytest.mark.parametrize("path", ["/a\0b", "/" + "a" * LONGEST_PATH])
def test_a_path_that_no_page_has_is_not_stored(path):
    assert page_key(path, "") is None


def test_every_parameter_that_readers_pages_look_at_is_known():
    sources = "".join(Path("src/homeport", file).read_text() for file in FOR_READERS)
    read = set(re.findall(r"request\.args(?:\.get)?[\[(](.*?)[,)\]]", sources))
    assert read == {'"before"', '"after"', "name"}
    [names] = re.findall(r"names = \((.*)\)", sources)
    assert set(re.findall(r"\w+", names)) == MEANINGFUL
