from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from homeport.text.markdown import render
from homeport.text.tables import tables_plugin


def test_short_rows_are_filled_up():
    assert "<tr><td>1</td><td></td></tr>" in render("| a | b |\n|---|---|\n| 1 |").html


def test_a_table_of_empty_cells_is_text():
    header = "|a" * 300 + "|\n" + "|-" * 300 + "|\n"
    assert "<table>" not in render(header + "|x|\n" * 100).html


def test_the_bound_counts_all_tables_of_a_post():
    table = "|a" * 100 + "|\n" + "|-" * 100 + "|\n" + "|x|\n" * 20 + "\n"
    assert 0 < render(table * 50).html.count("<table>") < 5


def test_a_wide_table_that_is_full_stays_a_table():
    assert "<table>" in render("|a" * 200 + "|\n" + "|-" * 200 + "|\n" + ("|x" * 200 + "|\n") * 100).html


PIECES = ["|", "-", ":", " ", "    ", "a", "|-|", "| a ", "\n", "\n", "> ", "- ", "\\|", "`", "\t"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_tables_within_the_bound_are_read_as_they_always_are(source: str):
    ours = MarkdownIt("commonmark")
    tables_plugin(ours)
    assert ours.parse(source) == MarkdownIt("commonmark").enable("table").parse(source)
