import pytest

from homeport.web.forms import text_field


@pytest.mark.parametrize(
    ("sent", "read"), [({"title": " a\x00b \n"}, "ab"), ({"title": "\x00"}, ""), ({}, ""), ({"title": "å"}, "å")]
)
def test_a_field_is_what_the_database_can_hold(app, sent, read):
    with app.test_request_context(method="POST", data=sent):
        assert text_field("title") == read
