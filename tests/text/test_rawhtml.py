import pytest

from homeport.text.markdown import render
from homeport.text.rawhtml import clean_text, read_attributes


def html_of(source: str) -> str:
    return render(source).html.strip()


class TestDropped:
    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("a\n\n<script>x</script>", "line 3: <script> dropped"),
            ("a <script>x</script> b", "line 1: <script> dropped"),
            ("<style>p{}</style>", "line 1: <style> dropped"),
            ("a\nb <b onclick='x()'>c</b>", "line 2: onclick on <b> dropped"),
            ("<div>\n<p>\n<a href='javascript:x'>c</a>", "line 3: javascript: address on <a> dropped"),
            ("<a href='java\nscript:x'>c</a>", "line 1: javascript: address on <a> dropped"),
            ("<img src='vbscript:x'>", "line 1: vbscript: address on <img> dropped"),
            ("<p style='position:fixed'>a</p>", "line 1: style on <p> dropped"),
            ("<iframe src='https://video.example/1'></iframe>", "line 1: <iframe> replaced by a link"),
            ("<object data=x>a</object>", None),
            ("<embed src=x>", "line 1: <embed> dropped"),
        ],
    )
    def test_what_is_left_out_is_named_with_its_line(self, source: str, said: str | None):
        assert render(source).dropped == ((said,) if said else ())

    def test_text_in_a_dropped_script_goes_with_it(self):
        assert html_of("a <script>alert(1)</script> b") == "<p>a  b</p>"

    def test_a_script_never_closed_takes_nothing_with_it(self):
        assert html_of("a <script> b\n\nc") == "<p>a  b</p>\n<p>c</p>"

    def test_a_drawing_goes_with_its_labels(self):
        assert html_of("<svg><text>label</text></svg>\n\nafter") == "<p>after</p>"

    def test_tags_that_only_decorate_leave_their_words_silently(self):
        rendered = render("<font color=red>a</font> <big>b</big>")
        assert (rendered.html.strip(), rendered.dropped) == ("<p>a b</p>", ())


class TestStructure:
    def test_markdown_lives_between_raw_tags(self):
        html = html_of("<details>\n<summary>More</summary>\n\n*text*\n\n</details>\n\nafter")
        assert html.startswith("<details><summary>More</summary>")
        assert "<p><em>text</em></p>\n</details>" in html
        assert html.endswith("<p>after</p>")

    def test_a_raw_tag_cannot_close_what_markdown_opened(self):
        assert html_of("- a </li></ul> b\n- c") == "<ul><li>a  b</li>\n<li>c</li>\n</ul>"

    def test_a_raw_tag_left_open_ends_with_what_it_stands_in(self):
        assert html_of("> <div>a\n\nb").endswith("</blockquote>\n<p>b</p>")

    def test_a_tag_closed_in_itself_holds_nothing(self):
        assert html_of("<a name='here'/>text [link](/x)") == '<p><a id="here"></a>text <a href="/x">link</a></p>'

    def test_an_unfinished_tag_is_text(self):
        assert html_of('<div>\n<a href="x>never closed') == '<div>\n&lt;a href="x&gt;never closed</div>'

    def test_comments_vanish(self):
        assert html_of("a<!-- b -->c") == "<p>ac</p>"

    def test_entities_are_read_once(self):
        assert html_of("<p>&amp;lt;b&gt; &copy;</p>") == "<p>&amp;lt;b&gt; ©</p>"

    def test_depth_is_bounded_and_words_are_not_lost(self):
        html = html_of("<div>" * 5000 + "deep" + "</div>" * 5000)
        assert html.count("<div>") < 200
        assert "deep" in html


class TestReadAttributes:
    def test_quotes_may_be_any(self):
        assert read_attributes(""" a="1" b='2' c=3 d""") == {"a": "1", "b": "2", "c": "3", "d": ""}

    def test_of_two_with_one_name_the_first_counts(self):
        assert read_attributes(" a=1 A=2") == {"a": "1"}

    def test_names_that_are_none_are_left_out(self):
        assert read_attributes(" <b a=1 (x)=2") == {"a": "1"}


def test_clean_text_keeps_everything_else():
    assert clean_text("a\tb\nç 中\u200d🦀") == "a\tb\nç 中\u200d🦀"


def test_clean_text_replaces_what_is_no_text_in_any_plane():
    assert clean_text("a\x00\x7f\ufdd0\ufffe\U0001fffe\U0010ffffb") == "a" + "\ufffd" * 6 + "b"
