from dataclasses import dataclass

import pytest

from homeport.media.markdown import markdown_of
from homeport.text.markdown import render


@dataclass
class AFile:
    content_type: str
    alt: str = ""
    name: str = "a.bin"
    path: str = "/media/1/a.bin"


@pytest.mark.parametrize(
    ("file", "written"),
    [
        (AFile("image/png", "The harbour"), "![The harbour](/media/1/a.bin)"),
        (AFile("video/mp4"), "![](/media/1/a.bin)"),
        (AFile("application/pdf"), "[a.bin](/media/1/a.bin)"),
        (AFile("audio/mpeg", "A song"), "[A song](/media/1/a.bin)"),
    ],
)
def test_a_file_is_written_as_it_is_shown(file, written):
    assert markdown_of(file) == written


@pytest.mark.parametrize("alt", ["a]b[c", "*a* _b_ `c`", "![x](y)", "back\\slash", "<b>&amp;", "two\nlines"])
def test_no_description_can_end_its_brackets_or_become_markup(alt):
    html = render(f"[x]{markdown_of(AFile('application/pdf', alt)).removeprefix('[x]')}").html
    assert html.count("<a ") == 1
    assert "<b>" not in html
    assert "<em>" not in html
