import re

import pytest

from homeport.text.markdown import Heading, render


def levels_of(source: str) -> list[int]:
    return [heading.level for heading in render(source).outline]


class TestLevels:
    @pytest.mark.parametrize(
        ("source", "levels"),
        [
            ("## A\n### B\n## C", [2, 3, 2]),
            ("# A\n## B\n# C", [2, 3, 2]),
            ("### A\n### B", [2, 2]),
            ("## A\n##### B\n### C", [2, 3, 3]),
            ("# A\n## B\n### C\n#### D\n##### E\n###### F", [2, 3, 4, 5, 6, 6]),
            ("<h1>A</h1>\n\n## B", [2, 3]),
        ],
    )
    def test_they_begin_below_the_title_and_skip_none(self, source: str, levels: list[int]):
        assert levels_of(source) == levels

    def test_a_heading_without_words_is_none(self):
        rendered = render("## \n\n##\n\n<h2></h2>")
        assert (rendered.html.strip(), rendered.outline) == ("", ())


class TestIds:
    def test_they_are_made_from_the_words(self):
        assert render("## What's *new* in `1.0`?").outline == (Heading(2, "what-s-new-in-1-0", "What's new in 1.0?"),)

    def test_a_heading_links_to_itself(self):
        html = render("## A").html
        assert html == '<h2 id="a">A <a class="anchor" href="#a" aria-label="Link to this section">#</a></h2>\n'

    def test_words_said_twice_get_two_ids(self):
        assert [heading.id for heading in render("## A\n## A\n## A-1\n## A").outline] == ["a", "a-1", "a-1-1", "a-2"]

    @pytest.mark.parametrize("source", ["## A {#b}", "## A {: #b}", "## A {#b .c}", "A {#b}\n---"])
    def test_the_author_may_choose(self, source: str):
        assert render(source).outline == (Heading(2, "b", "A"),)

    def test_a_choice_wins_over_what_is_made_up_before_it(self):
        assert [heading.id for heading in render("## A\n## B {#a}").outline] == ["a-1", "a"]

    def test_nothing_takes_a_name_twice(self):
        html = render('<p id="a">x</p><p id="a">y</p>\n\n## A\n\n## B {#a}').html
        names = re.findall(r' id="([^"]*)"', html)
        assert len(names) == len(set(names)) == 3

    def test_names_of_the_page_are_left_to_the_page(self):
        html = render('## Main\n\n<p id="top">x</p>\n\n[to main](#main) [to top](#top)').html
        assert 'id="section-main"' in html
        assert 'id="section-top"' in html
        assert 'href="#section-main">to main' in html
        assert 'href="#section-top">to top' in html

    @pytest.mark.parametrize("title", ["中文", "Ελληνικά", "العربية", "עברית", "हिन्दी", "한국어", "Straße"])
    def test_every_script_has_one(self, title: str):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", render(f"## {title}").outline[0].id)

    def test_signs_alone_are_a_section(self):
        assert render("## !!!").outline[0].id == "section"


class TestLinksWithin:
    @pytest.mark.parametrize("target", ["what-is-new", "What-Is-New", "what-is-new-", "what-is-new-crab"])
    def test_another_builders_spelling_is_followed(self, target: str):
        assert 'href="#what-is-new">x</a>' in render(f"## What is new 🦀\n\n[x](#{target})").html

    def test_one_that_leads_nowhere_is_left_alone(self):
        assert 'href="#else">x</a>' in render("## A\n\n[x](#else)").html


class TestOutline:
    def test_headings_within_other_things_are_not_in_it(self):
        source = "## A\n\n> ## B\n\n- ## C\n\n:::note\n## D\n:::\n\n<div>\n\n## E\n\n</div>"
        assert [heading.text for heading in render(source).outline] == ["A", "E"]

    def test_marks_and_anchors_are_not_in_it(self):
        assert render("## A[^1] ![pic](x.png)\n\n[^1]: Note.").outline[0].text.startswith("A")
        assert "Note" not in render("## A[^1]\n\n[^1]: Note.").outline[0].text
