import re
from pathlib import Path

import pytest

import homeport
from homeport.text.markdown import render
from homeport.text.policy import CHROME_CLASSES

STYLE_SHEET = Path(homeport.__file__).parent / "web/static/site.css"
OF_THE_RENDERER = (
    "add anchor c callout callout-title caution center code del e f fnref footnotes hl important k l math note right s "
    "sidenote sub table tasks tip warning"
)
MICROFORMATS = "h-card"


def html_of(source: str) -> str:
    return render(source).html.strip()


class TestTags:
    @pytest.mark.parametrize(
        "source",
        [
            '<p><kbd>Ctrl</kbd> <sub>2</sub> <sup>3</sup> <mark>m</mark> <abbr title="x">y</abbr></p>',
            '<p><ins cite="/x" datetime="2024-01-02">a</ins> <del>b</del> <time datetime="2024-01-02">c</time></p>',
            "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
            '<progress value="3" max="9"></progress>',
            '<p lang="de" dir="rtl" class="a b" id="c" title="d">e</p>',
            "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>",
            '<details open=""><summary>a</summary>b</details>',
        ],
    )
    def test_what_html_offers_writers_stays(self, source: str):
        assert html_of(source).replace("\n", "") in (source, f"<p>{source}</p>")

    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ("<center>a</center>", '<div class="center">a</div>'),
            ("<p align=right>a</p>", '<p class="right">a</p>'),
            ("<p class=x style='text-align: center'>a</p>", '<p class="x center">a</p>'),
            ("<tt>a</tt>", "<p><code>a</code></p>"),
            ("<strike>a</strike>", "<p><s>a</s></p>"),
            ("<acronym title=b>a</acronym>", '<p><abbr title="b">a</abbr></p>'),
            ("<a name=b>a</a>", '<p><a id="b">a</a></p>'),
            ("<main>a</main>", "<div>a</div>"),
            ("<nav>a</nav>", "<div>a</div>"),
        ],
    )
    def test_what_is_obsolete_becomes_what_took_its_place(self, source: str, expected: str):
        assert html_of(source) == expected

    def test_a_table_loses_its_borders_and_widths(self):
        html = html_of("<table border=1 width=50%><tr><td width=3 valign=top bgcolor=red>a</td></tr></table>")
        assert "<table><tbody><tr><td>a</td></tr></tbody></table>" in html


class TestAttributes:
    @pytest.mark.parametrize(
        "attribute",
        ["role=main", "aria-label=x", "tabindex=1", "data-own=1", "style=color:red", "onclick=x", "contenteditable"],
    )
    def test_nobody_can_pose_as_the_page(self, attribute: str):
        assert html_of(f"<p {attribute}>a</p>") == "<p>a</p>"

    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ('<p class="site name">a</p>', "<p>a</p>"),
            ('<p class="mine skip h-card">a</p>', '<p class="mine h-card">a</p>'),
            ('<p class="unseen" align=right>a</p>', '<p class="right">a</p>'),
            ('<math class="site"><mi>a</mi></math>', "<p><math><mi>a</mi></math></p>"),
        ],
    )
    def test_nobody_can_dress_as_the_page(self, source: str, expected: str):
        assert html_of(source) == expected

    def test_every_class_of_the_style_sheet_is_the_pages_or_the_renderers(self):
        css = re.sub(r"/\*.*?\*/", "", STYLE_SHEET.read_text("utf-8"), flags=re.DOTALL)
        selectors = (rule for rule in re.findall(r"([^{};]+)\{", css) if not rule.strip().startswith("@"))
        styled = {name for rule in selectors for name in re.findall(r"\.([a-z][a-z-]*)", rule)}
        assert styled - CHROME_CLASSES == {*OF_THE_RENDERER.split(), MICROFORMATS}
        assert styled >= CHROME_CLASSES

    @pytest.mark.parametrize(
        "attribute",
        ["lang='zz zz'", "dir=up", "id='a b'", "id=''", "cite='javascript:x'", "rel=stylesheet", "datetime=soon"],
    )
    def test_values_that_mean_nothing_are_left_out(self, attribute: str):
        assert html_of(f"<ins {attribute}>a</ins>") == "<p><ins>a</ins></p>"

    def test_links_keep_what_they_say_of_their_target(self):
        html = html_of("<a href=/x rel='me nofollow opener' hreflang=de target=_blank>a</a>")
        assert html == '<p><a rel="me nofollow" hreflang="de" href="/x">a</a></p>'
