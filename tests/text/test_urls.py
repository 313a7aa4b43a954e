import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeport.text import urls
from homeport.text.urls import file_name, is_elsewhere, is_safe, scheme_of, web_address


class TestWebAddress:
    @pytest.mark.parametrize(
        ("target", "address"),
        [
            ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
            ("/a b", "/a%20b"),
            ("ä.html", "%C3%A4.html"),
            ("/a[1]|{x}", "/a%5B1%5D%7C%7Bx%7D"),
            ("/100%", "/100%25"),
            ("#a#b", "#a%23b"),
            ("http://[::1]:80/", "http://[::1]:80/"),
            ("mailto:a@b.c", "mailto:a@b.c"),
            ("", ""),
            (" /a ", "/a"),
        ],
    )
    def test_it_is_written_so_that_it_is_valid(self, target: str, address: str):
        assert web_address(target) == address

    @pytest.mark.parametrize("target", ["http://", "http://a b/", "https://x:port/", "http://[x", "http://a^b/"])
    def test_what_no_browser_could_follow_is_none(self, target: str):
        assert web_address(target) is None


class TestSchemes:
    @pytest.mark.parametrize(
        "target",
        ["javascript:x", "JavaScript:x", " java\tscript:x", "\x01javascript:x", "data:x", "vbscript:x", "file:///x"],
    )
    def test_what_could_run_or_read_is_not_safe(self, target: str):
        assert not is_safe(target)

    @pytest.mark.parametrize("target", ["https://x", "mailto:x", "a/b:c", "#x", "?a:b", "", "//x"])
    def test_the_rest_is(self, target: str):
        assert is_safe(target)

    def test_a_colon_in_a_path_is_no_scheme(self):
        assert scheme_of("a/b:c") == ""

    @pytest.mark.parametrize("target", ["https://x", "//x", "\\\\x", "/\\x", "data:x"])
    def test_elsewhere_is_elsewhere(self, target: str):
        assert is_elsewhere(target)

    @pytest.mark.parametrize("target", ["/x", "x", "../x", "#x", "?x"])
    def test_here_is_here(self, target: str):
        assert not is_elsewhere(target)


def test_file_name_is_the_last_part_of_the_path():
    assert file_name("https://x/a/b.png?c#d") == "b.png"
    assert file_name("a/") == "a"
    assert file_name("") == ""


PARTS = [
    "a",
    "B-c",
    "0",
    ".",
    "..",
    "/",
    "?",
    "#",
    "=",
    "&",
    ":",
    "@",
    "~",
    "+",
    "_",
    "http://",
    "https://e.org",
    "x.html",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join))
def test_a_plain_address_needs_no_rewriting(target: str):
    if urls._PLAIN.fullmatch(target):
        assert urls._rewritten(target) == target
