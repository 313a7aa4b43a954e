import pytest

from homeport.text.markdown import Heading, RenderOptions, Resolved, render


def html_of(source: str, **options: bool) -> str:
    return render(source, options=RenderOptions(**options)).html.strip()


class TestRender:
    def test_an_empty_post_is_empty(self):
        rendered = render("")
        assert (rendered.html, rendered.outline, rendered.excerpt, rendered.word_count) == ("", (), "", 0)

    def test_the_same_source_gives_the_same_html(self):
        source = "# A\n\n[^1] $x$ ![a](b.png)\n\n```py\nx\n```\n\n[^1]: Note."
        assert render(source) == render(source)

    def test_a_table_is_framed_so_that_it_can_scroll(self):
        html = html_of("| a | b |\n|--:|:-:|\n| 1 | 2 |")
        assert html.startswith('<div class="table" tabindex="0" role="region" aria-label="Table"><table><thead>')
        assert '<th class="right">a</th><th class="center">b</th>' in html

    def test_struck_text_is_marked_as_such(self):
        assert html_of("~~no~~ yes") == "<p><s>no</s> yes</p>"

    def test_a_task_list_says_what_is_done(self):
        html = html_of("- [x] one\n- [ ] two")
        assert html.startswith('<ul class="tasks"><li><input type="checkbox" disabled="" aria-label="done" checked="">')
        assert 'aria-label="to do"> two' in html

    def test_a_definition_list_keeps_terms_and_definitions(self):
        assert html_of("Term\n: One\n: Two") == "<dl><dt>Term</dt>\n<dd>One</dd>\n<dd>Two</dd>\n</dl>"

    def test_a_soft_break_stays_a_line_and_a_hard_one_breaks(self):
        assert html_of("a\nb  \nc") == "<p>a\nb<br>\nc</p>"

    def test_a_list_that_starts_elsewhere_keeps_its_start(self):
        assert html_of("3. a").startswith('<ol start="3"><li>a</li>')

    def test_an_ascii_diagram_is_left_alone(self):
        diagram = "+---+\n| a |---> <b>\n+---+"
        assert "+---+\n</span>" in html_of(f"```\n{diagram}\n```")
        assert "| a |---&gt; &lt;b&gt;\n</span>" in html_of(f"```\n{diagram}\n```")

    def test_straight_quotes_stay_unless_the_site_asks_for_curly_ones(self):
        assert html_of('"a" -- b...') == '<p>"a" -- b...</p>'
        assert html_of('"a" -- b...', typographer=True) == "<p>“a” – b…</p>"

    def test_characters_html_has_no_place_for_become_replacement_marks(self):
        assert html_of("a\x00b\ud800c\ufdd0d") == "<p>a\ufffdb\ufffdc\ufffdd</p>"

    def test_a_byte_order_mark_hides_no_heading(self):
        assert render("\ufeff# A").outline == (Heading(2, "a", "A"),)

    def test_windows_line_ends_make_no_difference(self):
        assert html_of("# A\r\n\r\nb\r\nc") == html_of("# A\n\nb\nc")


class TestDepth:
    @pytest.mark.parametrize("mark", ["> ", "- "])
    def test_what_is_nested_too_deeply_is_named_and_shown(self, mark: str):
        rendered = render("a\n\n" + mark * 140 + "deep\n\nafter")
        assert rendered.dropped == ("line 3: what is nested deeper than 100 levels is plain text",)
        assert "deep" in rendered.html
        assert "<p>after</p>" in rendered.html

    def test_what_people_write_is_kept(self):
        rendered = render("- " * 10 + "deep")
        assert "deep" in rendered.html
        assert rendered.dropped == ()


class TestRawMode:
    def test_only_the_owners_mode_keeps_scripts(self):
        source = "<script>alert(1 < 2)</script>"
        assert html_of(source) == ""
        assert html_of(source, raw_html=True) == source

    def test_what_is_written_is_kept_as_it_is(self):
        source = '<form action="/x" onsubmit="go()" data-a="1"><input name="q"></form>'
        assert html_of(source, raw_html=True) == source

    def test_it_is_still_well_formed(self):
        assert html_of("<div><custom-tag>a\n\nb", raw_html=True).endswith("</custom-tag></div>")


class TestReferences:
    def test_they_are_listed_as_written_in_order_and_once(self):
        source = "[a](/x#y) ![b](<a b.png>) <a href='ä.html'>c</a> <img src=d.png> [a](/x#y) [e](mailto:f@g.h)"
        assert render(source).references == (
            ("link", "/x#y"),
            ("image", "a b.png"),
            ("link", "ä.html"),
            ("image", "d.png"),
            ("link", "mailto:f@g.h"),
        )

    def test_places_within_the_post_are_no_references(self):
        assert render("[a](#b)\n\n# B").references == ()

    def test_links_lead_where_the_site_says(self):
        def resolve(kind: str, target: str) -> Resolved | None:
            return Resolved("/posts/new") if (kind, target) == ("link", "../old.md?x#y") else None

        assert 'href="/posts/new"' in render("[a](../old.md?x#y)", resolve=resolve).html
        assert 'href="/posts/new"' in render("<a href='../old.md?x#y'>a</a>", resolve=resolve).html

    def test_a_link_defined_once_and_used_for_ever_does_not_multiply(self):
        source = f"[a]: /{'x' * 50_000}\n\n" + "[a] " * 1000
        assert len(render(source).html) < 20 * len(source)


@pytest.mark.parametrize("source", ["$5 and $10", "US$5 or CA$6", "$HOME/bin:$PATH", "it costs $5, or 10$ there"])
def test_money_and_variables_are_no_formulas(source: str):
    assert html_of(source) == f"<p>{source}</p>"
