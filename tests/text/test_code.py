from homeport.text.code import code_figure
from homeport.text.fenceinfo import FenceInfo, read_fence_info
from homeport.text.highlighting import Highlighter


def figure(info: str, source: str) -> str:
    return code_figure(source, read_fence_info(info), Highlighter())


class TestMarks:
    def test_a_file_name_becomes_a_caption(self):
        assert "<figcaption>a &amp; b.py</figcaption>" in code_figure(
            "x", FenceInfo(file_name="a & b.py"), Highlighter()
        )

    def test_without_a_file_name_there_is_no_caption(self):
        assert "figcaption" not in figure("python", "x\n")

    def test_numbers_count_from_where_the_author_says(self):
        html = figure("python {linenos=true, linenostart=9}", "a\nb\n")
        assert 'data-n="9">a' in html
        assert 'data-n="10">b' in html

    def test_highlighted_lines_are_marked(self):
        html = figure("text {2}", "a\nb\n")
        assert '<span class="l hl">b' in html
        assert '<span class="l">a' in html

    def test_a_difference_is_shown_in_bands(self):
        html = figure("diff", "--- a/x\n+++ b/x\n-old\n+new\n same\n")
        assert '<span class="l del">-old\n</span><span class="l add">+new\n</span><span class="l"> same' in html
        assert '<span class="l">--- a/x' in html

    def test_a_difference_may_have_a_language(self):
        html = figure("diff python", "-x = 1\n+x = 'a'\n")
        assert '<span class="l add">+x = <span class="s">\'a\'</span>' in html
