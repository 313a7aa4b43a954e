from homeport.exchange.pelican import split_metadata

FILE = "Title: My super title\nDate: 2010-12-03 10:20\nTags: a,\n    b\nAuthors: Ada; Bob\n\nThis is the text.\n"


def test_metadata_lines_are_taken_apart_byte_for_byte():
    block, values, body = split_metadata(FILE)
    assert block + body == FILE
    assert body == "This is the text.\n"
    assert values == {"title": "My super title", "date": "2010-12-03 10:20", "tags": "a, b", "authors": "Ada; Bob"}


def test_windows_line_ends_and_a_byte_order_mark_are_kept():
    text = "\ufeff" + FILE.replace("\n", "\r\n")
    block, values, body = split_metadata(text)
    assert block + body == text
    assert values["title"] == "My super title"


def test_a_text_that_begins_with_a_colon_is_no_metadata():
    text = "Note: this is only a text.\n\nMore.\n"
    assert split_metadata(text) == ("", {}, text)


def test_a_file_of_metadata_alone_has_an_empty_body():
    assert split_metadata("Title: x\n") == ("Title: x\n", {"title": "x"}, "")
