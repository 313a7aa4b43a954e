import pytest
from werkzeug.datastructures import MultiDict

from homeport.comments.forms import is_site, read_form


def _read(**typed):
    return read_form(MultiDict({"name": "Ada", "text": "Hello.", **typed}))


def test_a_name_and_a_text_are_enough():
    form = _read()
    assert (form.name, form.text, form.faults) == ("Ada", "Hello.", {})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("example.org", "https://example.org"), ("HTTP://Example.org/x", "HTTP://Example.org/x"), ("", "")],
)
def test_a_site_may_be_written_as_people_do(typed, kept):
    form = _read(url=typed)
    assert (form.url, form.faults) == (kept, {})


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "javascript://x.y/%0aalert(1)",
        "data:text/html,x.y",
        "//evil.example",
        "https://user@evil.example",
        'https://x.y"onclick=',
        "https://x.y/<script>",
        "ftp://x.y",
        "https://localhost",
        "https://x.y/" + "z" * 200,
    ],
)
def test_what_is_no_site_is_no_site(url):
    assert not is_site(url)
    assert _read(url=url).faults.keys() == {"url"}


@pytest.mark.parametrize("email", ["x", "a@b", "a b@c.de", "a@b.de, c@d.ef", "a@b.de>", "a@b.de\nBcc: x@y.zz", "@b.de"])
def test_what_is_no_mail_address_is_refused(email):
    assert _read(email=email).faults.keys() == {"email"}


@pytest.mark.parametrize("email", ["a@b.de", "first.last+tag@sub.example.org", "ü@exämple.org"])
def test_mail_addresses_of_all_kinds_pass(email):
    assert _read(email=email).faults == {}


def test_a_name_of_nothing_that_can_be_seen_is_none():
    assert _read(name="\u202e \x00\t").faults.keys() == {"name"}


@pytest.mark.parametrize(
    "blank", ["\u200b", "\u3164\u3164", "\u2800 \u00ad", "\u034f", "\u0301", "\U000e0041", "\u2060\ufe0f"]
)
def test_what_cannot_be_seen_is_neither_a_name_nor_a_text(blank):
    assert _read(name=blank, text=blank).faults.keys() == {"name", "text"}


@pytest.mark.parametrize("seen", ["Å", "नी", "👩\u200d👩\u200d👧", "ㅤ김", "…", "می\u200cخواهم"])
def test_what_can_be_seen_is_kept_as_it_is(seen):
    form = _read(name=seen, text=seen)
    assert (form.name, form.text, form.faults) == (seen, seen, {})


def test_a_field_that_is_not_there_is_empty():
    form = read_form(MultiDict())
    assert form.faults.keys() == {"name", "text"}
    assert form.reply_to is None


@pytest.mark.parametrize("reply_to", ["x", "1; drop table", "\x00"])
def test_a_reply_to_nothing_is_no_reply(reply_to):
    assert _read(reply_to=reply_to).reply_to is None
