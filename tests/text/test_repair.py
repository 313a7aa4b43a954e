import pytest

from homeport.text.markdown import render


def html_of(source: str) -> str:
    return render(source).html.strip().replace("\n", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("one <div>two</div> three", "<p>one </p><div>two</div><p> three</p>"),
        ("*one <div>two</div>*", "<p>one </p><div>two</div>"),
        ("<span>\n\npara\n\n</span>", "<p>para</p>"),
        ("<h2>a <div>b</div></h2>", '<h2 id="a-b">a  b  <a'),
        ("<summary>a</summary>", "<div>a</div>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a\n\nb", "<p>a</p><p>b</p>"),
    ],
)
def test_blocks_stand_only_where_blocks_may(source: str, expected: str):
    assert html_of(source).startswith(expected)


def test_a_paragraph_opened_around_markdown_becomes_a_division():
    assert html_of("<p align=center>\n\n**a**\n\n</p>") == '<div class="center"><p><strong>a</strong></p></div>'


class TestLinks:
    def test_a_link_in_a_link_becomes_words(self):
        assert html_of("[a <a href=/y id=z>b</a>](/x)") == '<p><a href="/x">a <span id="z">b</span></a></p>'

    def test_a_link_left_open_ends_where_the_next_begins(self):
        assert html_of("<a href=/x>a <a href=/y>b</a>") == '<p><a href="/x">a </a><a href="/y">b</a></p>'

    def test_a_link_around_code_is_taken_off(self):
        html = html_of("<a href=/x>\n\n```\ncode\n```\n\n</a>")
        assert "<a" not in html
        assert "code" in html

    def test_a_link_may_hold_blocks(self):
        assert html_of("<a href=/x><div>a</div></a>") == '<p><a href="/x"></a></p><div><a href="/x">a</a></div>' or (
            html_of("<a href=/x><div>a</div></a>") == '<a href="/x"><div>a</div></a>'
        )


def test_code_in_a_place_for_words_stays_readable():
    assert "<code>x = 1" in html_of("<details><summary>\n\n    x = 1\n\n</summary></details>")


def test_a_table_written_by_hand_can_scroll_too():
    assert html_of("<table><tr><td>a</table>").startswith('<div class="table" tabindex="0" role="region"')


def test_a_table_in_a_table_does_not_scroll_by_itself():
    assert html_of("<table><tr><td><table><tr><td>a</table></table>").count("tabindex") == 1
