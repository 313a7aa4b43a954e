import pytest

from homeport.text.markdown import render


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<time>2024-01-02</time>", "<time>2024-01-02</time>"),
        ("<time>yesterday</time>", "<span>yesterday</span>"),
        ("<time datetime=2024-01-02>yesterday</time>", '<time datetime="2024-01-02">yesterday</time>'),
        ("<data>a</data>", "<span>a</span>"),
        ("<data value=1>a</data>", '<data value="1">a</data>'),
        ("<bdo>a</bdo>", "<span>a</span>"),
        ("<meter>a</meter>", "<span>a</span>"),
        ("<meter value=2>a</meter>", "<span>a</span>"),
        ("<meter value=2 max=4>a</meter>", '<meter value="2" max="4">a</meter>'),
        ("<meter value=1 low=0.9 high=0.1>a</meter>", '<meter value="1">a</meter>'),
        ("<progress value=9 max=3>a</progress>", "<progress>a</progress>"),
        ("<progress value=2 max=3>a</progress>", '<progress value="2" max="3">a</progress>'),
    ],
)
def test_a_value_is_kept_when_it_can_be_read(source: str, expected: str):
    assert render(source).html.strip() == f"<p>{expected}</p>"
