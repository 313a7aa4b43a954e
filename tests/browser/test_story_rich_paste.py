"""What is copied from a page, a word processor or a table comes in as Markdown; in code, and when asked, as it is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Writers, desk_named, text_of, wait_until_saved
from tests.browser.visit import Visitor

pytestmark = pytest.mark.browser

PASTE = """([html, text, types]) => {
  const data = new DataTransfer();
  if (html) data.setData('text/html', html);
  if (text) data.setData('text/plain', text);
  for (const type of types) data.setData(type, '{}');
  const area = document.querySelector('#source');
  area.focus();
  const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  return area.dispatchEvent(event);
}"""

PAGE = """<html><body><!--StartFragment--><h1>Harbours</h1><p>A <b>quiet</b> place, see
<a href="https://example.org/a_b">the <em>chart</em></a> and <a href="javascript:alert(1)">this</a>.<br>Or not.</p>
<ul><li>One<ul><li>Inner</li></ul></li><li><p>Two</p></li></ul><ol start="3"><li>Three</li><li>Four</li></ol>
<blockquote><p>Said.</p></blockquote><pre class="language-python"><code>if x:
    y()
</code></pre><p>And <code>z()</code>, <s>gone</s>.</p><hr>
<table><thead><tr><th>Name</th><th>Depth</th></tr></thead><tbody><tr><td>North | south</td><td>4&nbsp;m</td></tr>
<tr><td colspan="2">Both<br>ends</td></tr></tbody></table>
<p><img src="https://example.org/x.png" alt="A crane"> <img src="data:image/png;base64,AAAA" alt="">
<img src="ORIGIN/media/abc/crane.png" alt="Ours"></p>
<ul><li><input type="checkbox" checked> done</li><li><input type="checkbox"> to do</li></ul>
<style>p { color: red }</style><script>alert(1)</script><!--EndFragment--></body></html>"""

PAGE_AS_MARKDOWN = """\
## Harbours

A **quiet** place, see [the *chart*](https://example.org/a_b) and this.\\
Or not.

- One
    - Inner
- Two

3. Three
4. Four

> Said.

```python
if x:
    y()
```

And `z()`, ~~gone~~.

---

| Name | Depth |
| --- | --- |
| North \\| south | 4 m |
| Both ends |  |

[A crane](https://example.org/x.png) ![Ours](/media/abc/crane.png)

- [x] done
- [ ] to do"""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm} --></style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=EN-GB>
<h2 style='mso-outline-level:2'><b>Tides<o:p></o:p></b></h2>
<p class=MsoNormal style='margin:0cm'>High <b style='mso-bidi-font-weight:normal'>water</b>&nbsp;at six.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Spring</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>Late</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Neap</p>
</body></html>"""

WORD_AS_MARKDOWN = "## Tides\n\nHigh **water** at six.\n\n- Spring\n    - Late\n- Neap"

DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr">
<span style="font-weight:400">Boats</span></h2><p dir="ltr"><span style="font-weight:400">Red and </span>
<span style="font-weight:700">fast</span>, as <span style="font-style:italic">they</span> say</p><br>
<ul><li dir="ltr" aria-level="1"><p dir="ltr"><span>Oar</span></p></li><ul><li><p><span>Short</span></p></li></ul></ul>
<p><a href="https://www.google.com/url?q=https://example.org/boats&amp;sa=D"><span>More</span></a></p></b>"""

DOCS_AS_MARKDOWN = """## Boats

Red and **fast**, as *they* say

- Oar
    - Short

[More](https://example.org/boats)"""


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("pasting", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def visit(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk).open("/studio/entries/new")


@pytest.fixture
def page(visit):
    return visit.page


def _paste(page: Page, html: str = "", text: str = "", types: tuple[str, ...] = ()) -> bool:
    """Paste, and return whether it was left to the browser."""
    return bool(page.evaluate(PASTE, [html, text, list(types)]))


@pytest.mark.parametrize(
    ("html", "markdown"),
    [(PAGE, PAGE_AS_MARKDOWN), (WORD, WORD_AS_MARKDOWN), (DOCS, DOCS_AS_MARKDOWN)],
    ids=["page", "word", "docs"],
)
def test_what_it_means_comes_in_without_what_its_program_added(visit, desk, html, markdown):
    _paste(visit.page, html.replace("ORIGIN", desk.address), "plain")
    expect(visit.page.get_by_label("Text", exact=True)).to_have_value(markdown)
    visit.page.keyboard.press("Control+z")
    expect(visit.page.get_by_label("Text", exact=True)).to_have_value("")
    assert visit.messages == []


def test_the_converter_is_loaded_when_it_is_first_needed(visit):
    assert not [url for url in visit.requests if "turndown" in url]
    _paste(visit.page, "<p><b>Bold</b> words</p>", "Bold words")
    expect(visit.page.get_by_label("Text", exact=True)).to_have_value("**Bold** words")
    assert [url for url in visit.requests if "vendor-turndown" in url]


def test_what_cannot_be_converted_comes_as_words(page):
    page.route("**/editor-html.js", lambda route: route.abort())
    _paste(page, "<p><b>Bold</b> words</p>", "Bold words")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Bold words")


@pytest.mark.parametrize(
    ("before", "html", "types"),
    [
        ("", "<meta charset='utf-8'><span style='color: red'>only a colour</span>", ()),
        ("```\n", "<b>in code</b>", ()),
        ("", "<div><b>from an editor of code</b></div>", ("vscode-editor-data",)),
    ],
)
def test_what_has_no_form_or_shall_have_none_is_left_to_the_browser(page, before, html, types):
    page.get_by_label("Text", exact=True).fill(before)
    assert _paste(page, html, "words", types)
    assert text_of(page) == before


def test_an_address_on_selected_words_makes_them_a_link(page):
    area = page.get_by_label("Text", exact=True)
    area.fill("See the chart.")
    area.evaluate("area => area.setSelectionRange(8, 13)")
    assert not _paste(page, text="https://example.org/chart")
    assert text_of(page) == "See the [chart](https://example.org/chart)."
    page.keyboard.press("Control+z")
    assert text_of(page) == "See the chart."


HEADING, LIST, WORDS = "<h2>Deep</h2>", "<ul><li>Oar</li><li>Sail</li></ul>", "<p>A <b>bold</b> word</p>"


@pytest.mark.parametrize(
    ("before", "html", "after"),
    [
        ("One |two.", HEADING, "One\n\n## Deep^\n\ntwo."),
        ("One\n|two.", LIST, "One\n\n- Oar\n- Sail^\n\ntwo."),
        ("One\n\n|\n\ntwo.", HEADING, "One\n\n## Deep^\n\ntwo."),
        ("One (|[and] |more).", WORDS, "One (A **bold** word^more)."),
        ("One |two.", "<p>A <b>b</b></p><p>C</p>", "One\n\nA **b**\n\nC^\n\ntwo."),
        ("One|\n", "<table><tr><th>A</th><th>B</th></tr></table>", "One\n\n| A | B |\n| --- | --- |^\n"),
        ("- Mast\n- |\n- Keel", LIST, "- Mast\n- Oar\n- Sail^\n- Keel"),
        ("- Mast|", LIST, "- Mast\n- Oar\n- Sail^"),
        ("|Last", HEADING, "## Deep^\n\nLast"),
    ],
)
def test_blocks_in_the_middle_of_words_stand_on_lines_of_their_own(page, before, html, after):
    area = page.get_by_label("Text", exact=True)
    marks = [place for place, letter in enumerate(before) if letter == "|"]
    text = before.replace("|", "")
    area.fill(text)
    area.evaluate("(area, at) => area.setSelectionRange(...at)", [marks[0], marks[-1] - (len(marks) - 1)])
    _paste(page, html, "plain")
    expect(area).to_have_value(after.replace("^", ""))
    page.keyboard.insert_text("^")
    expect(area).to_have_value(after)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(area).to_have_value(text)


def test_real_keys_paste_with_and_without_formatting(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        visit = Writers(visitor, desk).open("/studio/entries/new", permissions=["clipboard-read", "clipboard-write"])
        page = visit.page
        page.evaluate("""() => navigator.clipboard.write([new ClipboardItem({
          'text/html': new Blob(['<h2>Deep</h2><p><b>Water</b></p>'], {type: 'text/html'}),
          'text/plain': new Blob(['Deep Water'], {type: 'text/plain'}),
        })])""")
        area = page.get_by_label("Text", exact=True)
        area.focus()
        page.keyboard.press("Control+v")
        expect(area).to_have_value("## Deep\n\n**Water**")
        area.fill("")
        page.keyboard.press("Control+Shift+v")
        expect(area).to_have_value("Deep Water")
        wait_until_saved(page)
