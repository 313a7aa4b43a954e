import re
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.text import mathml
from homeport.text.markdown import for_feed, render
from homeport.text.mathml import formula

HOSTILE = ["href", "style", "class", "id", "src", "xlink:href", "onclick", "onload", "action", "xmlns", "data-x"]


class TestFormula:
    def test_a_formula_becomes_mathml(self):
        assert formula(r"\frac{a}{b}", is_block=False).markup == (
            "<math><mrow><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac></mrow></math>"
        )

    def test_a_displayed_one_says_so(self):
        assert formula("x", is_block=True).markup.startswith('<math display="block">')

    @pytest.mark.parametrize("source", ["{", "x^", r"\frac{a}", r"\left(", r"\begin{pmatrix} a"])
    def test_a_broken_one_is_shown_as_its_source(self, source: str):
        assert formula(source, is_block=False).markup == f'<code class="math-error">{source}</code>'

    @pytest.mark.parametrize("source", [r"\text{<script>alert(1)</script>}", "a<b&c", r"\text{&lt;img src=x&gt;}"])
    def test_nothing_in_a_formula_is_markup(self, source: str):
        html = formula(source, is_block=False).markup
        assert "<script" not in html
        assert "<img" not in html
        assert "<b" not in html

    @pytest.mark.parametrize("source", ["{" * 100 + "x" + "}" * 100, "x" * 5000, r"\def\a{\a\a}\a"])
    def test_what_could_cost_too_much_is_left_alone(self, source: str):
        assert formula(source, is_block=False).markup.startswith("<code")


class TestAttributes:
    @pytest.mark.parametrize(
        ("source", "attribute"),
        [
            (r"$\href{javascript:alert(1)}{x}$", "href"),
            (r"$$\href{data:text/html,<script>}{x}$$", "href"),
            (r"$\style{background:url(//evil)}{x}$", "style"),
            (r"$\class{site}{x}$", "class"),
        ],
    )
    def test_a_formula_brings_no_address_no_style_and_no_class(self, source: str, attribute: str):
        rendered = render(source)
        assert "<mi>x</mi>" in rendered.html
        assert attribute not in re.findall(r"([\w:-]+)=", rendered.html.partition("<math")[2])
        assert not re.search(r"javascript|data:|evil|site", rendered.html + for_feed(rendered.html, "/"))
        assert rendered.dropped == (f"line 1: {attribute} in a formula dropped",)

    @pytest.mark.parametrize(
        ("source", "attribute"),
        [
            (r"\color{red}{x}", 'mathcolor="red"'),
            (r"\left(x\right)", 'stretchy="true"'),
            (r"\hspace{1em}", 'width="1em"'),
        ],
    )
    def test_how_it_looks_is_kept(self, source: str, attribute: str):
        written = formula(source, is_block=False)
        assert attribute in written.markup
        assert written.dropped == ()

    @given(name=st.sampled_from(HOSTILE) | st.text("abcdefhilmnorstxy:-", min_size=1, max_size=14), value=st.text())
    def test_whatever_the_converter_writes_only_known_attributes_get_through(self, name: str, value: str):
        written = mathml._markup(Element("mrow", {name: value, "displaystyle": "true"}))
        attributes = re.findall(r' ([^ ="]+)="[^"]*"', written)
        assert set(attributes) - {"displaystyle"} == {name} & mathml._PRESENTATIONAL - {"displaystyle"}
        assert not set(attributes) & set(HOSTILE)
