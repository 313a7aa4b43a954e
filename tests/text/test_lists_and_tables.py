import pytest

from homeport.text.markdown import render


def html_of(source: str) -> str:
    return render(source).html.strip().replace("\n", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<ul>a<li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul></ul>", ""),
        ("<li>a</li>", "<div>a</div>"),
        ("<ul><li value=3>a</ul>", "<ul><li>a</li></ul>"),
        ("<ol><li value=3>a</ol>", '<ol><li value="3">a</li></ol>'),
        ("<dl><dd>a</dl>", "<dl><dt></dt><dd>a</dd></dl>"),
        ("<dl><dt>a</dl>", "<dl><dt>a</dt><dd></dd></dl>"),
        ("<dl><div><dt>a<dd>b</div></dl>", "<dl><div><dt>a</dt><dd>b</dd></div></dl>"),
        ("<dl><dt><h2>a</h2><dd>b</dl>", "<dl><dt><p>a</p></dt><dd>b</dd></dl>"),
        ("<dl><div>x</div></dl>", "<dl><dt></dt><dd><div>x</div></dd></dl>"),
    ],
)
def test_lists_are_completed(source: str, expected: str):
    assert html_of(source) == expected


def table_of(source: str) -> str:
    html = html_of(source)
    return html[html.index("<table") : html.index("</table>")]


class TestTables:
    def test_loose_rows_and_cells_find_their_place(self):
        assert table_of("<table><td>a</table>") == "<table><tbody><tr><td>a</td></tr></tbody>"

    def test_the_head_comes_first_and_the_foot_last(self):
        source = "<table><tfoot><tr><td>f</tfoot><tbody><tr><td>b</tbody><thead><tr><th>h</thead></table>"
        assert table_of(source).index("h</th>") < table_of(source).index("b</td>") < table_of(source).index("f</td>")

    def test_short_rows_are_filled_up(self):
        assert table_of("<table><tr><td>a<td>b<tr><td>c</table>").endswith("<tr><td>c</td><td></td></tr></tbody>")

    def test_a_span_ends_with_its_group(self):
        assert 'rowspan="1"' in table_of("<table><tr><td rowspan=9>a</table>")

    def test_words_between_rows_are_kept_before_the_table(self):
        assert html_of("<table>words<tr><td>a</table>").startswith("words<div")

    def test_a_table_without_cells_is_none(self):
        assert "table" not in html_of("<table><tr></tr></table>")

    def test_a_span_of_hundreds_does_not_multiply(self):
        source = "<table>" + "<tr><td>a" * 500 + "<tr><td colspan=900>b</table>"
        assert len(render(source).html) < 20 * len(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<details>a</details>", "<details><summary>Details</summary>a</details>"),
        ("<details>a<summary>b</summary></details>", "<details><summary>b</summary>a</details>"),
        ("<figure>a<figcaption>b</figcaption>c</figure>", "<figure>a<div>b</div>c</figure>"),
        ("<figure><figcaption>b</figcaption>c</figure>", "<figure><figcaption>b</figcaption>c</figure>"),
        ("<h2></h2>", ""),
        ("<ruby>a</ruby>", "<p><span>a</span></p>"),
    ],
)
def test_other_wholes_get_their_parts(source: str, expected: str):
    assert html_of(source) == expected
