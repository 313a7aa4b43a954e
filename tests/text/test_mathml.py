import pytest

from homeport.text.mathml import formula


class TestFormula:
    def test_a_formula_becomes_mathml(self):
        assert formula(r"\frac{a}{b}", is_block=False) == (
            "<math><mrow><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac></mrow></math>"
        )

    def test_a_displayed_one_says_so(self):
        assert formula("x", is_block=True).startswith('<math display="block">')

    @pytest.mark.parametrize("source", ["{", "x^", r"\frac{a}", r"\left(", r"\begin{pmatrix} a"])
    def test_a_broken_one_is_shown_as_its_source(self, source: str):
        assert formula(source, is_block=False) == f'<code class="math-error">{source}</code>'

    @pytest.mark.parametrize("source", [r"\text{<script>alert(1)</script>}", "a<b&c", r"\text{&lt;img src=x&gt;}"])
    def test_nothing_in_a_formula_is_markup(self, source: str):
        html = formula(source, is_block=False)
        assert "<script" not in html
        assert "<img" not in html
        assert "<b" not in html

    @pytest.mark.parametrize("source", ["{" * 100 + "x" + "}" * 100, "x" * 5000, r"\def\a{\a\a}\a"])
    def test_what_could_cost_too_much_is_left_alone(self, source: str):
        assert formula(source, is_block=False).startswith("<code")
