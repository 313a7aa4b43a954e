import pytest

from homeport.text.markdown import render


def html_of(source: str) -> str:
    return render(source).html.strip()


class TestInline:
    @pytest.mark.parametrize("source", ["$x^2$", r"\\(x^2\\)", r"\(x^2\)"])
    def test_a_formula_is_set(self, source: str):
        html = "<p>a <math><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math> b</p>"
        assert html_of(f"a {source} b") == html

    def test_stars_and_underscores_in_a_formula_are_no_emphasis(self):
        assert "<em>" not in html_of("$a_1 * b_2 * c_3$ and $d_4$")

    @pytest.mark.parametrize(
        "source",
        [
            "$ 5 $",
            "a$b$c",
            "$5 and $6",
            "$a and more words here$",
            r"\$x$",
            "`$x$`",
            "$",
            "$$",
            "$a",
            r"\(see below\)",
            r"\[sic\]",
            "$a`b`$",
        ],
    )
    def test_what_looks_a_little_like_a_formula_is_text(self, source: str):
        assert "<math" not in html_of(source)
        assert "math-error" not in html_of(source)

    def test_words_within_a_formula_are_allowed_when_marked(self):
        assert "<math>" in html_of(r"$x \text{ if and only if } y$")

    def test_a_displayed_formula_may_stand_in_a_paragraph(self):
        assert '<math display="block">' in html_of("so\n$$\nx\n$$\nthus")


class TestBlocks:
    @pytest.mark.parametrize("source", ["$$x$$", "$$\nx\n$$", "$$ x\n$$", "\\\\[\nx\n\\\\]", "```math\nx\n```"])
    def test_a_formula_alone_is_a_block_that_scrolls(self, source: str):
        html = '<div class="math" tabindex="0"><math display="block"><mrow><mi>x</mi></mrow></math></div>'
        assert html_of(source) == html

    def test_it_may_stand_in_a_quote_or_a_list(self):
        assert html_of("> $$\n> x\n> $$").startswith('<blockquote><div class="math"')
        assert '<li><div class="math"' in html_of("- $$\n  x\n  $$")

    def test_one_never_closed_is_text(self):
        assert html_of("$$\nx\n\ny") == "<p>$$\nx</p>\n<p>y</p>"

    def test_escaped_brackets_are_text(self):
        assert html_of("\\[1\\]") == "<p>[1]</p>"
