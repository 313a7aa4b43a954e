import pytest

from homeport.text.markdown import RenderOptions, render


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("\"a\" 'b'", "“a” ‘b’"),
        ("it's", "it’s"),
        ("the '90s", "the ’90s"),
        ('"*a*"', "“<em>a</em>”"),
        ("a---b -- c", "a—b – c"),
        ("wait...", "wait…"),
        ('("a")', "(“a”)"),
        ('`"a"`', '<code>"a"</code>'),
        ('a\n"b"', "a\n“b”"),
        ("\"'a' b\"", "“‘a’ b”"),
    ],
)
def test_marks_are_set_as_a_printer_would(source: str, expected: str):
    assert render(source, options=RenderOptions(typographer=True)).html.strip() == f"<p>{expected}</p>"


def test_code_and_formulas_are_left_alone():
    html = render('```\n"a" -- b\n```\n\n$f\'...$', options=RenderOptions(typographer=True)).html
    assert '"a" -- b' in html
    assert "…" not in html
