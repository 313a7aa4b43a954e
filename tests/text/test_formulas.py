import pytest

from homeport.text.markdown import render


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<math><mi>a</mi></math>", "<math><mi>a</mi></math>"),
        ("<math><mfrac><mi>a</mi></mfrac></math>", "<math><mrow><mi>a</mi></mrow></math>"),
        ("<math><mi>a</mi><b>x</b></math>", "<math><mi>a</mi></math>"),
        ("<math><b><mi>a</mi></b></math>", "<math><mi>a</mi></math>"),
        ("<math><mtd><mi>a</mi></mtd></math>", "<math><mrow><mi>a</mi></mrow></math>"),
        (
            "<math><mtable>x<mtr><mtd><mn>1</mn></mtd></mtr></mtable></math>",
            "<math><mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable></math>",
        ),
        ("<math><mtext><b>a</b></mtext></math>", "<math><mtext>a</mtext></math>"),
        ("<mi>a</mi>", "a"),
        ('<math display="block" onclick=x><mi>a</mi></math>', '<math display="block"><mi>a</mi></math>'),
    ],
)
def test_a_formula_by_hand_keeps_what_belongs_in_it(source: str, expected: str):
    assert render(f"x {source}").html.strip() == f"<p>x {expected}</p>"
