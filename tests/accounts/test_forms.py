import pytest

from homeport.accounts.forms import field, local_path, readable
from homeport.errors import InvalidError


@pytest.mark.parametrize("text", ["/studio", "/", "/a?b=//c", "/a#b", "/ümlaut", "/studio/entries?next=https://x"])
def test_a_path_of_this_site_is_taken(text):
    assert local_path(text, "/studio") == text


@pytest.mark.parametrize(
    "text", ["", "x", "//x", "/\\x", "http:x", "/\x00", "/a\nb", "/x\\y", " /x", "//[", "/\u2028x"]
)
def test_everything_else_is_not(text):
    assert local_path(text, "/home") == "/home"


@pytest.mark.parametrize("value", ["x" * 201, "a\x00b", "a\nb", "a\x9bb", "a\u2028b"])
def test_a_field_is_one_line_of_bounded_length(app, value):
    with app.test_request_context(method="POST", data={"name": value}), pytest.raises(InvalidError):
        field("name")


def test_a_field_loses_its_blanks(app):
    with app.test_request_context(method="POST", data={"name": "  Ada \r\n"}):
        assert field("name") == "Ada"


def test_what_stands_in_an_address_is_made_readable():
    assert readable(" a\x00b\n" + "c" * 999) == "ab" + "c" * 195
