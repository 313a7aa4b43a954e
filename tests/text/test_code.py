import pytest

from homeport.text.code import MAX_HIGHLIGHTED, code_figure
from homeport.text.fenceinfo import FenceInfo, read_fence_info


def figure(info: str, source: str) -> str:
    return code_figure(source, read_fence_info(info))


class TestHighlighting:
    def test_code_is_marked_in_five_classes(self):
        html = figure("python", 'def f(x):  # note\n    return "a" + str(1)\n')
        assert '<span class="k">def</span> <span class="f">f</span>' in html
        assert '<span class="c"># note</span>' in html
        assert '<span class="s">"a"</span>' in html

    def test_neighbours_of_one_class_share_one_span(self):
        assert '<span class="k">pub async fn</span>' in figure("rust", "pub async fn f() {}\n")

    def test_a_string_over_several_lines_is_marked_on_each(self):
        html = figure("python", 'x = """a\nb\n"""\n')
        assert html.count('<span class="s">') == 3

    def test_every_line_is_an_element(self):
        assert figure("", "a\n\nb\n").count('<span class="l">') == 3

    def test_the_last_line_needs_no_end(self):
        assert figure("", "a") == figure("", "a\n")

    @pytest.mark.parametrize("language", ["", "text", "nonsense", "mermaid", "x" * 300, '"><script>'])
    def test_an_unknown_language_is_plain(self, language: str):
        html = figure(language, "if <b>\n")
        assert '<span class="l">if &lt;b&gt;\n</span>' in html
        assert "data-lang" not in html

    @pytest.mark.parametrize("language", ["python", "PYTHON", "python,ignore", "{.python}", "{python}"])
    def test_a_language_is_known_by_its_usual_names(self, language: str):
        assert 'data-lang="python"' in figure(language, "x\n")

    def test_a_giant_block_is_plain(self):
        html = figure("python", "x = 1\n" * (MAX_HIGHLIGHTED // 6 + 1))
        assert 'class="s"' not in html

    @pytest.mark.parametrize(
        "language", ["python", "rust", "html", "js", "console", "diff", "c", "yaml", "toml", "sql"]
    )
    def test_no_lexer_changes_the_code(self, language: str):
        source = "\n  a <b> 'c\n\tλ => \"d\n# e\n$ f\n\n"
        html = figure(language, source)
        assert html.count('<span class="l') == source.count("\n")


class TestMarks:
    def test_a_file_name_becomes_a_caption(self):
        assert "<figcaption>a &amp; b.py</figcaption>" in code_figure("x", FenceInfo(file_name="a & b.py"))

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
