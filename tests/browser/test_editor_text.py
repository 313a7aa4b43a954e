"""What the editor's buttons and keys do to a text: `‹` and `›` stand around what is selected, `¦` is the cursor."""

import pytest

from tests.browser.desk import Writers, desk_named
from tests.browser.visit import Visitor

pytestmark = pytest.mark.browser

RUN = """async ([module, name, marked, extra]) => {
  const functions = await import(`/static/now/${module}.js`);
  const isCursor = marked.includes('¦');
  const start = marked.indexOf(isCursor ? '¦' : '‹');
  const end = isCursor ? start : marked.indexOf('›') - 1;
  let value = marked.replace(/[¦‹›]/g, '');
  const edits = [functions[name](value, start, end, ...extra)].flat();
  if (!edits[0]) return null;
  for (const edit of edits) value = value.slice(0, edit.start) + edit.text + value.slice(edit.end);
  const [from, to] = edits.at(-1).select;
  const chosen = value.slice(from, to);
  return value.slice(0, from) + (from === to ? '¦' : `‹${chosen}›`) + value.slice(to);
}"""

FENCED = "a\n```js\nb¦\n```\nc"


@pytest.fixture(scope="module")
def page(browser, server_uri, tmp_path_factory):
    with desk_named("texts", server_uri, tmp_path_factory) as desk, Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk).open("/studio").page


@pytest.fixture
def after(page):
    def run(module: str, name: str, marked: str, *extra: object) -> str | None:
        return page.evaluate(RUN, [f"editor-{module}", name, marked, list(extra)])

    return run


class TestInline:
    @pytest.mark.parametrize(
        ("name", "before", "then"),
        [
            ("bold", "a ‹word› b", "a **‹word›** b"),
            ("bold", "a ‹word › b", "a **‹word›**  b"),
            ("bold", "a **‹word›** b", "a ‹word› b"),
            ("bold", "a ‹**word**› b", "a ‹word› b"),
            ("bold", "a wo¦rd b", "a **wo¦rd** b"),
            ("bold", "a **wo¦rd** b", "a wo¦rd b"),
            ("bold", "a ¦ b", "a **¦** b"),
            ("bold", "a **¦** b", "a ¦ b"),
            ("bold", "*‹word›*", "***‹word›***"),
            ("bold", "***‹word›***", "*‹word›*"),
            ("bold", "- ‹one\n- two\n\nthree›", "- ‹**one**\n- **two**\n\n**three**›"),
            ("bold", "‹- **one**\n- **two**›", "‹- one\n- two›"),
            ("bold", FENCED, "a\n```js\nb**¦**\n```\nc"),
            ("italic", "‹word›", "*‹word›*"),
            ("italic", "_‹word›_", "‹word›"),
            ("italic", "**‹word›**", "***‹word›***"),
            ("italic", "***‹word›***", "**‹word›**"),
            ("italic", "‹日本語›", "*‹日本語›*"),
            ("code", "‹a()›", "`‹a()›`"),
            ("code", "`‹a()›`", "‹a()›"),
            ("code", "‹a`b›", "`` ‹a`b› ``"),
            ("maths", "so ‹e = mc^2› it is", "so $‹e = mc^2›$ it is"),
            ("maths", "so $‹x›$", "so ‹x›"),
            ("maths", "so\n\n¦", "so\n\n$$\n¦\n$$\n"),
            ("maths", "‹a\nb›", "$$\n‹a\nb›\n$$\n"),
            ("maths", "so\n\n$$\nx¦\n$$\n\nthen", "so\n\n‹x›\n\nthen"),
            ("link", "see ‹this›", "see [this](¦)"),
            ("link", "see ¦", "see [¦]()"),
            ("link", "see ‹https://a.example/b›", "see [¦](https://a.example/b)"),
            ("link", "see [th¦is](/there) now", "see ‹this› now"),
            ("link", 'see ‹[this](/a_(b) "T")›', "see ‹this›"),
            ("link", "![pic¦ture](/media/x)", "![[picture](¦)](/media/x)"),
        ],
    )
    def test_marks_are_put_in_and_taken_out(self, after, name, before, then):
        assert after("inline", name, before) == then

    def test_an_address_that_is_pasted_is_where_the_words_lead(self, after):
        assert after("inline", "link", "see ‹this›", "https://a.example") == "see [this](https://a.example)¦"

    def test_what_was_put_in_is_taken_out_by_the_same_button(self, after):
        for name in ("bold", "italic", "code", "maths"):
            for before in ("a ‹word› b", "a wo¦rd b", "‹a longer word›", "a ¦ b"):
                once = after("inline", name, before)
                assert after("inline", name, once) == before


class TestBlocks:
    @pytest.mark.parametrize(
        ("name", "before", "then"),
        [
            ("heading", "Wor¦ds", "## Words¦"),
            ("heading", "## Wor¦ds", "### Words¦"),
            ("heading", "### Wor¦ds", "Words¦"),
            ("heading", "##### Wor¦ds", "Words¦"),
            ("heading", "\nWor¦ds", "\n## Words¦"),
            ("quote", "‹one\n\ntwo›", "‹> one\n> \n> two›"),
            ("quote", "‹> one\n>\n> two›", "‹one\n\ntwo›"),
            ("quote", "¦", "> ¦"),
            ("bullets", "‹one\ntwo\n›", "‹- one\n- two›\n"),
            ("bullets", "‹- one\n- two›", "‹one\ntwo›"),
            ("bullets", "‹1. one\n2. two›", "‹- one\n- two›"),
            ("bullets", "a\n¦", "a\n- ¦"),
            ("bullets", "- [x] on¦e", "- one¦"),
            ("numbers", "‹one\n\n- two›", "‹1. one\n\n2. two›"),
            ("numbers", "‹    one›", "‹    1. one›"),
            ("tasks", "‹- one\n- two›", "‹- [ ] one\n- [ ] two›"),
            ("tasks", "‹- [x] one›", "‹one›"),
            ("codeBlock", "a\n\n¦", "a\n\n```\n¦\n```\n"),
            ("codeBlock", "a\n‹b›\nc", "a\n\n```¦\nb\n```\n\nc"),
            ("codeBlock", "‹a ``` b›", "````¦\na ``` b\n````\n"),
            ("codeBlock", FENCED, "a\n‹b›\nc"),
            ("codeBlock", "```\n¦\n```", "¦"),
            ("codeBlock", "~~~\na\n```\nb¦", "‹a\n```\nb›"),
            ("callout", "so\n\nmi¦nd", "so\n\n> [!NOTE]\n> mind¦\n"),
            ("callout", "> [!NOTE]\n> mi¦nd", "> [!TIP]\n> mi¦nd"),
            ("callout", "> [!CAUTION]\n> mi¦nd", "> mi¦nd"),
            ("table", "¦", "| ‹Column› | Column |\n| --- | --- |\n|  |  |\n"),
            ("table", "‹a\tb\n1\t2|3›", "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |¦\n"),
            ("table", "| a | b¦ |\n| - | - |\n| 1 | 2 |", "| a | b |\n| - | - |\n| ¦ |  |\n| 1 | 2 |"),
            ("table", "| a | b |\n| - | - |\n| 1 | 2¦ |", "| a | b |\n| - | - |\n| 1 | 2 |\n| ¦ |  |"),
            ("footnote", "One¦ two.\n", "One[^1] two.\n\n[^1]: ¦"),
            ("footnote", "One[^1] two¦.\n\n[^1]: Why.", "One[^1] two[^2].\n\n[^1]: Why.\n[^2]: ¦"),
            ("footnote", "One[^1] two.\n\n[^1]: Wh¦y.", "One[^1]¦ two.\n\n[^1]: Why."),
            ("footnote", "One[^1]¦ two.\n\n[^1]: Why.", "One[^1] two.\n\n[^1]: Why.¦"),
            ("footnote", "¦", "[^1]\n\n[^1]: ¦"),
        ],
    )
    def test_lines_become_what_is_asked(self, after, name, before, then):
        assert after("blocks", name, before) == then


class TestTyping:
    @pytest.mark.parametrize(
        ("before", "then"),
        [
            ("- one¦", "- one\n- ¦"),
            ("- one¦ two", "- one\n- ¦ two"),
            ("  * one¦", "  * one\n  * ¦"),
            ("9. one¦", "9. one\n10. ¦"),
            ("- [x] one¦", "- [x] one\n- [ ] ¦"),
            ("> one¦", "> one\n> ¦"),
            ("> - one¦", "> - one\n> - ¦"),
            ("a\n- ¦", "a\n¦"),
            ("    - ¦", "    ¦"),
            ("> - ¦", "> ¦"),
            ("> ¦", "¦"),
            ("- ¦one", "- \n- ¦one"),
            ("plain¦", None),
            ("¦- one", None),
            ("**bold**¦", None),
            ("```\n  - one¦\n```", "```\n  - one\n  ¦\n```"),
        ],
    )
    def test_enter_goes_on_with_lists_and_ends_them(self, after, before, then):
        assert after("typing", "continued", before) == then

    @pytest.mark.parametrize(
        ("before", "by", "then"),
        [
            ("- on¦e", 1, "    - on¦e"),
            ("    - on¦e", -1, "- on¦e"),
            ("‹one\n\ntwo›", 1, "    ‹one\n\n    two›"),
            ("‹\tone\n  two›", -1, "‹one\ntwo›"),
            ("¦one", -1, "¦one"),
        ],
    )
    def test_lines_move_by_a_step(self, after, before, by, then):
        assert after("typing", "indented", before, by) == then


class TestCounting:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("", 0),
            ("Two words.", 2),
            ("# One *two* **three** – [four](https://example.org/no-word) `five`", 5),
            ("```python\nx = 1\n```", 2),
            ("日本語だ", 2),
            ("One[^1]\n\n> [!NOTE]\n> two\n\n[^1]: three <br> four", 4),
        ],
    )
    def test_words_are_those_that_readers_see(self, page, text, count):
        script = "async text => (await import('/static/now/editor-count.js')).countWords(text)"
        assert page.evaluate(script, text) == count


MERGED = """\
a
<<<<<<< yours
b
=======
B
BB
>>>>>>> saved by Grace
c
<<<<<<< yours
=======
d
>>>>>>> saved meanwhile
"""


class TestMerging:
    @pytest.mark.parametrize(
        ("choices", "text"),
        [
            (["mine", "mine"], "a\nb\nc\n"),
            (["theirs", "theirs"], "a\nB\nBB\nc\nd\n"),
            (["both", "mine"], "a\nb\nB\nBB\nc\n"),
        ],
    )
    def test_each_place_says_what_was_chosen(self, page, choices, text):
        script = """async ([merged, choices]) => {
          const {partsOf, settled} = await import('/static/now/editor-merge.js');
          return settled(partsOf(merged), choices);
        }"""
        assert page.evaluate(script, [MERGED, choices]) == text

    def test_what_is_different_is_found_line_by_line(self, page):
        script = """async ([old, text]) => (await import('/static/now/editor-difference.js'))
          .compare(old, text).map(row => row.kind[0] + row.text)"""
        assert page.evaluate(script, ["a\nb\nc\nd", "a\nc\nx\nd"]) == ["sa", "ob", "sc", "nx", "sd"]
