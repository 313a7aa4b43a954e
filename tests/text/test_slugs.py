import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeport.text.slugs import MAX_LENGTH, is_slug, slugify


class TestSlugify:
    @pytest.mark.parametrize(
        ("text", "slug"),
        [
            ("Hello, World!", "hello-world"),
            ("What's new in 1.0?", "what-s-new-in-1-0"),
            ("Crème brûlée", "creme-brulee"),
            ("Straße", "strasse"),
            ("中文", "zhong-wen"),
            ("Привет", "privet"),
            ("a__b", "a-b"),
            ("!!!", ""),
            ("C++", "c-plus-plus"),
            ("C++17 modules", "c-plus-plus-17-modules"),
            ("C# and F#", "c-sharp-and-f-sharp"),
            (".NET", "dot-net"),
            ("ASP.NET Core", "asp-net-core"),
            ("Rust 1.12", "rust-1-12"),
            ("i++ or ++i", "i-or-i"),
            ("Issue c#one #2", "issue-c-one-2"),
            ("", ""),
        ],
    )
    def test_it_spells_a_text_so_that_it_can_be_read(self, text: str, slug: str):
        assert slugify(text) == slug

    def test_it_ends_at_a_word(self):
        slug = slugify("word " * 100)
        assert len(slug) <= MAX_LENGTH
        assert slug.endswith("word")

    @given(st.text())
    def test_it_gives_a_slug_or_nothing(self, text: str):
        slug = slugify(text)
        assert slug == "" or is_slug(slug)

    @given(st.text())
    def test_a_slug_of_a_slug_is_itself(self, text: str):
        assert slugify(slugify(text)) == slugify(text)


class TestIsSlug:
    @pytest.mark.parametrize("text", ["a", "a-b", "2024-review", "x" * MAX_LENGTH])
    def test_it_accepts_what_can_stand_in_a_url(self, text: str):
        assert is_slug(text)

    @pytest.mark.parametrize(
        "text", ["", "A", "a b", "a--b", "-a", "a-", "a/b", "..", "ä", "a\n", "x" * (MAX_LENGTH + 1)]
    )
    def test_it_refuses_everything_else(self, text: str):
        assert not is_slug(text)
