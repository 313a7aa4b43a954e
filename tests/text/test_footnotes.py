import re

from homeport.text.markdown import render


def html_of(source: str) -> str:
    return render(source).html.strip()


class TestNotes:
    def test_mark_and_note_lead_to_each_other(self):
        html = html_of("a[^x] b\n\n[^x]: Note.")
        assert '<sup class="fnref"><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup>' in html
        assert (
            '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes"><ol><li id="fn-1"><p>Note. ' in html
        )
        assert '<a href="#fnref-1" role="doc-backlink" aria-label="Back to reference 1">↩\ufe0e</a></p>' in html

    def test_numbers_follow_the_text_not_the_definitions(self):
        html = html_of("[^b] [^a]\n\n[^a]: A\n[^b]: B")
        assert html.index("<p>B") < html.index("<p>A")

    def test_a_note_may_be_referred_to_again(self):
        html = html_of("a[^x] b[^x]\n\n[^x]: Note.")
        assert 'id="fnref-1-2"' in html
        assert 'href="#fnref-1-2" role="doc-backlink" aria-label="Back to reference 1-2"' in html

    def test_a_note_may_be_written_in_place(self):
        assert '<li id="fn-1"><p>A <em>note</em>. ' in html_of("a^[A *note*.] b")

    def test_a_note_may_hold_several_blocks(self):
        html = html_of("a[^x]\n\n[^x]: One\n\n    Two\n\n    ```\n    code\n    ```")
        assert "<p>Two</p>" in html
        assert "code\n</span>" in html

    def test_a_note_may_refer_to_another(self):
        html = html_of("a[^x]\n\n[^x]: See[^y].\n[^y]: This.")
        assert '<li id="fn-2"><p>This.' in html

    def test_a_note_nobody_refers_to_is_not_shown(self):
        assert html_of("a\n\n[^x]: Note.") == "<p>a</p>"

    def test_a_mark_without_note_is_text(self):
        assert html_of("a[^x]") == "<p>a[^x]</p>"

    def test_of_two_notes_with_one_label_the_first_counts(self):
        html = html_of("a[^x]\n\n[^x]: One\n\n[^x]: Two")
        assert "<p>One" in html
        assert "Two" not in html

    def test_a_mark_in_a_link_is_no_link(self):
        html = html_of("[a^[Note.]](/y)")
        assert '<sup class="fnref"><span id="fnref-1">1</span></sup>' in html

    def test_nobody_can_take_a_notes_name(self):
        html = html_of('<b id="fn-1">a</b>[^x]\n\n# {#fnref-1}\n\n[^x]: Note.')
        names = re.findall(r' id="([^"]*)"', html)
        assert len(names) == len(set(names))


class TestMarginCopies:
    def test_a_short_note_is_copied_beside_its_first_mark_for_eyes_only(self):
        html = html_of("a[^x] b[^x]\n\n[^x]: A *short* [note](/y) with `code`.")
        copy = '<small class="sidenote" aria-hidden="true">1 A <em>short</em> note with <code>code</code>.</small>'
        assert html.count(copy) == 1
        assert html.index(copy) < html.index(" b<sup")

    def test_there_is_no_margin_beside_headings_and_tables(self):
        assert "sidenote" not in html_of("## a[^x]\n\n| b[^y] |\n|---|\n\n[^x]: Note.\n[^y]: Note.")

    def test_a_note_of_blocks_or_of_length_is_not_copied(self):
        assert "sidenote" not in html_of("a[^x]\n\n[^x]: - list")
        assert "sidenote" not in html_of("a[^x]\n\n[^x]: " + "long " * 200)
