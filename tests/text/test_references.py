import pytest

from homeport.text.markdown import RenderOptions, Resolved, render

PLACES = {
    "a.png": Resolved("/media/1/a.png", 800, 600, "What it shows"),
    "b.mp4": Resolved("/media/2/b.mp4", 1280, 720, kind="video"),
    "c.zip": Resolved("/media/3/c.zip", kind="download"),
    "https://example.org/d.png": Resolved("/media/4/d.png", 4, 3),
}


def resolve(kind: str, target: str) -> Resolved | None:
    return PLACES.get(target) if kind == "image" else None


def html_of(source: str, **options: bool) -> str:
    return render(source, options=RenderOptions(**options), resolve=resolve).html.strip()


class TestImagesFromHere:
    def test_the_first_is_fetched_first_and_the_others_late(self):
        html = html_of("x ![one](a.png) ![two](a.png)")
        first = '<img src="/media/1/a.png" alt="one" width="800" height="600" fetchpriority="high" decoding="async">'
        second = '<img src="/media/1/a.png" alt="two" width="800" height="600" loading="lazy" decoding="async">'
        assert html == f"<p>x {first} {second}</p>"

    def test_a_description_is_taken_from_the_medium_when_none_is_written(self):
        assert 'alt="What it shows"' in html_of("![](a.png)")
        assert 'alt="Mine"' in html_of("![Mine](a.png)")

    def test_one_alone_with_a_title_is_a_figure(self):
        html = html_of('![A](a.png "The *caption*")')
        assert html.startswith('<figure class="image"><img src="/media/1/a.png" alt="A"')
        assert html.endswith("<figcaption>The *caption*</figcaption>\n</figure>")

    def test_a_linked_one_alone_is_a_figure_too(self):
        assert html_of("[![A](a.png)](/x)").startswith('<figure class="image"><a href="/x"><img')

    def test_raw_ones_keep_the_proportions_of_the_file(self):
        assert 'width="400" height="300"' in html_of("<img src=a.png width=400>")
        assert 'width="800" height="600"' in html_of("<img src=a.png width=50%>")

    def test_a_picture_from_elsewhere_that_was_fetched_is_ours(self):
        assert 'src="/media/4/d.png"' in html_of("![x](https://example.org/d.png)")

    def test_a_video_waits_until_it_is_asked_for(self):
        html = html_of("![Clip](b.mp4)")
        assert '<video src="/media/2/b.mp4" controls="" preload="metadata" width="1280" height="720"' in html
        assert 'aria-label="Clip"' in html

    def test_anything_else_is_a_download(self):
        assert html_of("x ![Files](c.zip)") == '<p>x <a href="/media/3/c.zip" class="download">Files</a></p>'


class TestImagesElsewhere:
    @pytest.mark.parametrize("target", ["https://example.org/x.png", "//example.org/x.png", "HTTP://example.org/x.png"])
    def test_they_become_links(self, target: str):
        html = html_of(f"![A view]({target})")
        assert "<img" not in html
        assert 'class="remote-image"' in html
        assert 'rel="nofollow noopener">A view</a>' in html

    def test_in_a_link_they_become_words(self):
        html = html_of("[![A](https://example.org/x.png)](/y)")
        assert html == '<p><a href="/y"><span class="remote-image">A</span></a></p>'

    def test_the_owner_may_allow_them(self):
        html = html_of("x ![A](https://example.org/x.png)", remote_images=True)
        assert '<img src="https://example.org/x.png" alt="A" fetchpriority="high" decoding="async">' in html

    def test_a_picture_in_its_own_address_is_shown_only_when_allowed(self):
        source = "x ![A](data:image/png;base64,AAAA)"
        assert html_of(source) == '<p>x <span class="remote-image">A</span></p>'
        assert '<img src="data:image/png;base64,AAAA"' in html_of(source, remote_images=True)

    def test_a_drawing_in_its_own_address_never_is(self):
        source = "<img src='data:image/svg+xml,<svg onload=x>'>"
        assert "<img" not in html_of(source, remote_images=True)


def test_a_link_to_who_knows_what_keeps_its_words_and_is_named():
    rendered = render("a\n[b](mail-to:c@d.e)")
    assert rendered.html.strip() == "<p>a\n<a>b</a></p>"
    assert rendered.dropped == ("line 2: mail-to: address dropped",)


def test_a_caption_is_kept_where_the_image_is_not():
    assert html_of('![A](gone.png "Caption")').endswith("<figcaption>Caption</figcaption>\n</figure>")


def test_a_missing_image_asks_for_nothing():
    assert html_of("x ![A](gone.png)") == '<p>x <span class="missing-image">A</span></p>'
    assert html_of("x ![](gone.png)") == '<p>x <span class="missing-image">gone.png</span></p>'


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JaVaScRiPt:x", "vbscript:x", "data:text/html,x"])
def test_a_link_that_would_run_something_is_none(target: str):
    assert "<a " not in html_of(f"[a]({target})")
    assert "href" not in html_of(f"<a href='{target}'>a</a>")
