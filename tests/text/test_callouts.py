import pytest

from homeport.text.markdown import render


def html_of(source: str) -> str:
    return render(source).html.strip().replace("\n", "")


@pytest.mark.parametrize(
    ("source", "kind", "title"),
    [
        ("> [!NOTE]\n> text", "note", "Note"),
        ("> [!warning] Mind the gap\n> text", "warning", "Mind the gap"),
        ("> [!TIP]-\n> text", "tip", "Tip"),
        ("> [!DANGER]\n> text", "caution", "Danger"),
        (":::note\ntext\n:::", "note", "Note"),
        ("::: important Read me\ntext\n:::", "important", "Read me"),
        (":::tip[Title]\n\ntext\n\n:::", "tip", "Title"),
        ("::::info\ntext\n::::", "note", "Info"),
    ],
)
def test_a_callout_has_a_kind_a_title_and_a_role(source: str, kind: str, title: str):
    expected = f'<aside class="callout {kind}" role="note"><p class="callout-title">{title}</p><p>text</p></aside>'
    assert html_of(source) == expected


class TestGithub:
    def test_a_quote_of_something_else_stays_a_quote(self):
        assert html_of("> [!WHAT]\n> text") == "<blockquote><p>[!WHAT]text</p></blockquote>"

    def test_a_callout_may_hold_blocks(self):
        assert html_of("> [!NOTE]\n>\n> - a").endswith("<ul><li>a</li></ul></aside>")

    def test_a_quote_in_a_callout_stays_a_quote(self):
        assert "<blockquote><p>b</p></blockquote></aside>" in html_of("> [!NOTE]\n> > b")


class TestContainers:
    def test_one_in_another(self):
        html = html_of("::::note\n:::tip\na\n:::\nb\n::::")
        assert html.count("</aside>") == 2
        assert html.endswith("<p>b</p></aside>")

    def test_one_never_closed_ends_with_the_post(self):
        assert html_of(":::note\na\n\nb").endswith("<p>b</p></aside>")

    def test_one_in_a_list_ends_with_its_item(self):
        assert html_of("- :::note\n  a\n\nb").endswith("</ul><p>b</p>")

    def test_an_unknown_name_is_text(self):
        assert html_of(":::what\na\n:::") == "<p>:::whata:::</p>"

    def test_what_follows_is_outside(self):
        assert html_of(":::note\na\n:::\nb").endswith("</aside><p>b</p>")

    def test_a_title_may_be_marked_up(self):
        title = '<p class="callout-title">A <em>b</em> <a href="/c">d</a></p>'
        assert title in html_of(":::note A *b* [d](/c)\ne\n:::")
        assert title in html_of("> [!NOTE] A *b* [d](/c)\n> e")
