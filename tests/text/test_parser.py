from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from homeport.text.parser import plain_parser


@given(st.text(alphabet="a\r\n\0 "))
def test_lines_end_as_they_do_for_the_parser_as_it_comes(source: str):
    assert plain_parser().parse(source) == MarkdownIt("commonmark").parse(source)
