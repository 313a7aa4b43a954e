"""Reading by keyboard, from right to left, on paper and without scripts."""

import pytest

from tests.browser.visit import DESK, FAINT, OVERFLOW, PHONE

pytestmark = pytest.mark.browser

POST = "/posts/everything"


class TestKeyboard:
    def test_the_first_stop_leads_past_the_menu(self, visitor):
        page = visitor.open(POST).page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["height"] >= 44

        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")

    def test_wide_code_can_be_reached_and_scrolled(self, visitor):
        page = visitor.open(POST, width=PHONE).page
        code = page.locator("pre").first
        code.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.querySelector('pre').scrollLeft > 0")

    @pytest.mark.parametrize("selector", ["main a", "pre", ".table", "summary"])
    def test_the_focus_is_seen(self, visitor, selector):
        page = visitor.open(POST, width=PHONE).page
        page.keyboard.press("Tab")
        page.locator(selector).first.focus()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


class TestContents:
    def test_they_stand_in_the_margin_of_a_desk(self, visitor):
        page = visitor.open(POST, width=DESK).page
        contents, text = page.locator(".contents li").first.bounding_box(), page.locator(".prose").bounding_box()
        assert contents["height"] > 0
        assert contents["x"] + contents["width"] <= text["x"]

    def test_they_open_on_a_phone(self, visitor):
        page = visitor.open(POST, width=PHONE).page
        assert not page.locator(".contents li").first.is_visible()
        page.locator(".contents summary").click()
        assert page.locator(".contents li").first.is_visible()


class TestNotes:
    def test_they_stand_beside_their_reference_on_a_desk(self, visitor):
        page = visitor.open(POST, width=DESK).page
        note, mark = page.locator(".sidenote").first.bounding_box(), page.locator(".fnref").first.bounding_box()
        text = page.locator(".prose > p").first.bounding_box()
        assert note["x"] >= text["x"] + text["width"]
        assert abs(note["y"] - mark["y"]) < 40

    def test_they_are_endnotes_on_a_phone(self, visitor):
        page = visitor.open(POST, width=PHONE).page
        assert not page.locator(".sidenote").first.is_visible()
        assert page.locator(".footnotes li").first.bounding_box()["height"] > 20

    @pytest.mark.parametrize("width", [PHONE, DESK])
    def test_a_mark_leads_to_its_note_and_back(self, visitor, width):
        page = visitor.open(POST, width=width).page
        page.locator("#fnref-2").click()
        note = page.locator("#fn-2")
        assert note.bounding_box()["height"] > 10
        note.locator("[role=doc-backlink]").click()
        assert page.url.endswith("#fnref-2")


class TestOtherDirections:
    @pytest.mark.parametrize("width", [PHONE, DESK])
    def test_arabic_runs_from_the_right_and_its_code_does_not(self, visitor, width):
        visit = visitor.open("/posts/arabic", width=width)
        assert visit.ask("getComputedStyle(document.querySelector('.prose p')).direction") == "rtl"
        assert visit.ask("getComputedStyle(document.querySelector('pre')).direction") == "ltr"
        assert visit.ask(OVERFLOW) == 0

    def test_the_contents_stand_on_the_other_side(self, visitor):
        page = visitor.open("/posts/arabic", width=DESK).page
        contents, text = page.locator(".contents li").first.bounding_box(), page.locator(".prose").bounding_box()
        assert contents["x"] >= text["x"] + text["width"]

    def test_japanese_is_stressed_without_a_slant(self, visitor):
        visit = visitor.open("/posts/japanese")
        assert visit.ask("getComputedStyle(document.querySelector('.prose em')).fontStyle") == "normal"


class TestPaper:
    def test_print_saves_ink_and_shows_addresses(self, visitor):
        visit = visitor.open(POST, color_scheme="dark")
        visit.page.emulate_media(media="print")
        assert visit.ask("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        assert not visit.page.locator("header nav").is_visible()
        after = "getComputedStyle(document.querySelector('.prose p a[href^=http]'), '::after').content"
        assert "https://example.org/a/rather/long/path" in visit.ask(after)


class TestPreferences:
    def test_without_scripts_nothing_is_different(self, visitor):
        with_scripts = visitor.open(POST, width=DESK).page.screenshot()
        without = visitor.open(POST, width=DESK, java_script_enabled=False).page.screenshot()
        assert with_scripts == without

    def test_reduced_motion_moves_nothing(self, visitor):
        rules = """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
          .flatMap(rule => rule.cssRules ? [...rule.cssRules] : [rule])
          .filter(rule => rule.media && matchMedia(rule.media.mediaText).matches)
          .filter(rule => rule.cssText.includes('@view-transition')).length"""
        assert visitor.open("/", reduced_motion="no-preference").ask(rules) == 1
        assert visitor.open("/", reduced_motion="reduce").ask(rules) == 0

    def test_forced_colours_keep_marked_lines_marked(self, visitor):
        visit = visitor.open(POST, forced_colors="active")
        assert visit.ask("getComputedStyle(document.querySelector('.hl')).borderTopStyle") == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", ["white", "black", "yellow", "cyan", "blue", "magenta", "lime", "gray", "#bada55"])
def test_no_accent_makes_text_too_faint(visitor, accent, scheme):
    visit = visitor.open(POST, color_scheme=scheme, bypass_csp=True)
    visit.page.add_style_tag(content=f":root {{ --accent: {accent}; }}")
    assert visit.ask(FAINT) == []
