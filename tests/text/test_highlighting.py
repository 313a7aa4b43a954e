import pytest

from homeport.text.code import code_figure
from homeport.text.fenceinfo import read_fence_info
from homeport.text.highlighting import MAX_LENGTH, MAX_LINE, Highlighter


def figure(info: str, source: str) -> str:
    return code_figure(source, read_fence_info(info), Highlighter())


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
        html = figure("python", "x = 1\n" * (MAX_LENGTH // 6 + 1))
        assert 'class="s"' not in html

    @pytest.mark.parametrize(
        "language", ["python", "rust", "html", "js", "console", "diff", "c", "yaml", "toml", "sql"]
    )
    def test_no_lexer_changes_the_code(self, language: str):
        source = "\n  a <b> 'c\n\tλ => \"d\n# e\n$ f\n\n"
        html = figure(language, source)
        assert html.count('<span class="l') == source.count("\n")

    def test_a_giant_line_is_plain(self):
        assert Highlighter().mark(["x" * (MAX_LINE + 1)], "python") is None

    def test_when_the_time_of_a_post_is_up_the_rest_is_plain(self):
        highlighter = Highlighter(seconds=0.0)
        assert highlighter.mark(["x = 1"] * 100, "python") is None

    def test_one_block_more_costs_no_more_than_the_post_has(self):
        highlighter = Highlighter(seconds=0.2)
        assert highlighter.mark([""] * 30_000, "c") is None
        assert highlighter.mark(["x = 1"], "python") is None
