import pytest

from homeport.text.markdown import RenderOptions, render


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# Hello World\n\n## Part", "Hello World"),
        ("Hello world\n===========\n\n## Part", "Hello World"),
        ("\n# It\u2019s `here` -- *now*...\n\n## Part", "It's `here` \u2014 now\u2026"),
        ("# C++ &amp; more #\n\n## Part", "C++ & more"),
        ("<!-- a comment -->\n\n# Hello World {#top}\n\n## Part", "Hello World"),
    ],
)
@pytest.mark.parametrize("typographer", [False, True])
def test_a_heading_that_is_the_title_is_not_shown_again(source: str, title: str, typographer):
    rendered = render(source, options=RenderOptions(title=title, typographer=typographer))
    assert "<h1" not in rendered.html
    assert [(heading.level, heading.text) for heading in rendered.outline] == [(2, "Part")]
    assert rendered.html.lstrip().startswith("<h2")
    assert rendered.word_count == 1


@pytest.mark.parametrize(
    "source",
    [
        "# Another\n\ntext",
        "## Title\n\ntext",
        "text\n\n# Title",
        "> # Title",
        "# Title[^1]\n\n[^1]: x",
        "<h1>Title</h1>",
    ],
)
def test_any_other_heading_stays(source: str):
    assert render(source, options=RenderOptions(title="Title")).html == render(source).html


def test_an_empty_heading_is_no_empty_title():
    assert render("#\n\n# A").html == render("#\n\n# A", options=RenderOptions(title=" ")).html
