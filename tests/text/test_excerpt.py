from homeport.text.markdown import render

LONG = " ".join(f"word{number}" for number in range(100))


class TestExcerpt:
    def test_it_is_the_opening_in_plain_words(self):
        source = (
            "# Title\n\nThe *first* [words](/x) with `code`[^1] &amp; more.\n\n```\ncode\n```\n\nSecond.\n\n[^1]: Note."
        )
        assert render(source).excerpt == "The first words with code & more. Second."

    def test_it_ends_after_about_fifty_words(self):
        excerpt = render(LONG).excerpt
        assert len(excerpt.split()) == 50
        assert excerpt.endswith("word49…")

    def test_a_word_without_end_does_not_make_it_long(self):
        assert render("x" * 100_000).excerpt == "x" * 400 + "…"
        assert len(render("One. " + "x" * 100_000).excerpt) == 401

    def test_long_words_end_it_earlier_at_a_word(self):
        excerpt = render(" ".join(f"{'word' * 6}{number:02}" for number in range(50))).excerpt
        assert len(excerpt) <= 401
        assert excerpt.endswith("13…")

    def test_it_ends_where_the_author_says(self):
        assert render("One.\n\n<!-- more -->\n\nTwo.").excerpt == "One."
        assert render("One. <!--more--> Two.").excerpt == "One."

    def test_a_mark_at_the_very_top_means_nothing(self):
        assert render("<!--more-->\n\nOne.").excerpt == "One."

    def test_tables_and_callouts_are_passed_over(self):
        assert render("> [!NOTE]\n> a\n\n| b |\n|---|\n| c |\n\nText.").excerpt == "Text."

    def test_a_list_within_a_list_begins_another_word(self):
        assert render("- alpha\n  - beta\n  - gamma\n- delta\n").excerpt == "alpha beta gamma delta"

    def test_wide_characters_weigh_half_a_word(self):
        assert len(render("中" * 500).excerpt) == 101


class TestWordCount:
    def test_words_are_counted_and_signs_are_not(self):
        assert render("One — two, three-four!\n\n- five").word_count == 4

    def test_code_and_notes_marks_do_not_count(self):
        assert render("One[^1]\n\n```\nx y z\n```\n\n[^1]: Two.").word_count == 2

    def test_two_wide_characters_are_a_word(self):
        assert render("中文中文 abc").word_count == 3
