from homeport.text.feed import LONGEST_POST
from homeport.text.markdown import RenderOptions, Resolved, for_feed, render

BASE = "https://example.org/posts/a"


def feed_of(source: str) -> str:
    html = render(source, options=RenderOptions(), resolve=lambda _kind, target: Resolved(f"/media/1/{target}", 4, 3))
    return for_feed(html.html, BASE).strip()


class TestForFeed:
    def test_addresses_work_anywhere(self):
        html = feed_of("[a](b) ![c](d.png)")
        assert 'href="https://example.org/media/1/b"' in html
        assert 'src="https://example.org/media/1/d.png"' in html

    def test_places_within_the_post_stay_in_the_post(self):
        assert f'href="{BASE}#fn-1"' in feed_of("a[^1]\n\n[^1]: Note.")

    def test_the_apparatus_of_the_page_is_left_out(self):
        html = feed_of("## A\n\nb[^1] ![c](d.png)\n\n```\ne\n```\n\n| f |\n|---|\n\n[^1]: Note.")
        for noise in ("sidenote", "anchor", "tabindex", "role=", "aria-", "loading=", "decoding=", "fetchpriority"):
            assert noise not in html
        assert '<h2 id="a">A</h2>' in html
        assert html.count("Note.") == 1

    def test_boxes_become_signs(self):
        assert "<li>☑ a</li>" in feed_of("- [x] a\n- [ ] b")
        assert "<li>☐ b</li>" in feed_of("- [x] a\n- [ ] b")

    def test_words_that_look_like_attributes_are_words(self):
        assert "role=&quot;" in feed_of('`role="x"`') or 'role="x"' in feed_of('`role="x"`')

    def test_every_source_of_a_picture_works(self):
        html = for_feed('<picture><source srcset="/a.png 1x, /b.png 2x"></picture>', BASE)
        assert 'srcset="https://example.org/a.png 1x, https://example.org/b.png 2x"' in html

    def test_an_address_that_is_none_is_left_alone(self):
        assert for_feed('<a href="http://[x">a</a>', BASE) == '<a href="http://[x">a</a>'

    def test_a_post_is_remembered_for_its_own_address_and_a_long_one_not_at_all(self):
        short, long = '<p><a href="b">c</a></p>', f'<p><a href="b">{"c" * LONGEST_POST}</a></p>'
        for html in (short, short, long, long):
            for base, path in ((BASE, "posts"), ("https://example.org/notes/a", "notes")):
                assert f'href="https://example.org/{path}/b"' in for_feed(html, base)
        assert for_feed(short, BASE) is for_feed(short, BASE)
        assert for_feed(long, BASE) is not for_feed(long, BASE)
