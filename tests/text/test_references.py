import pytest

from homeport.text.markdown import RenderOptions, Resolved, render
from homeport.text.rendered import PictureForm

FORMS = (
    PictureForm("/media/5/w/480.avif", 480, "image/avif"),
    PictureForm("/media/5/w/800.avif", 800, "image/avif"),
    PictureForm("/media/5/w/480.png", 480, "image/png"),
)
PLACES = {
    "e.png": Resolved("/media/5/e.png", 1200, 600, "A view", content_type="image/png", forms=FORMS),
    "f.png": Resolved("/media/5/f.png", 400, 200, content_type="image/png", forms=FORMS[2:]),
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


class TestForms:
    PICTURE = (
        '<picture><source type="image/avif" srcset="/media/5/w/480.avif 480w, /media/5/w/800.avif 800w"'
        ' sizes="(max-width: 54rem) 100vw, 54rem">'
        '<img src="/media/5/e.png" alt="A view" width="1200" height="600" fetchpriority="high" decoding="async"'
        ' srcset="/media/5/w/480.png 480w, /media/5/e.png 1200w" sizes="(max-width: 54rem) 100vw, 54rem"></picture>'
    )

    def test_a_browser_chooses_among_them_and_the_size_on_the_page_stays(self):
        assert self.PICTURE in html_of("![](e.png)")
        assert self.PICTURE in html_of('<img src="e.png">')

    def test_a_picture_in_a_figure_or_a_link_keeps_them(self):
        assert f'<figure class="image">{self.PICTURE}<figcaption>' in html_of('![](e.png "The caption")').replace(
            "\n", ""
        )
        assert f'<a href="https://example.org/">{self.PICTURE}</a>' in html_of("[![](e.png)](https://example.org/)")

    def test_a_picture_that_is_shown_small_asks_for_a_small_one(self):
        assert 'width="200" height="100"' in html_of('<img src="e.png" width="200">')
        assert html_of('<img src="e.png" width="200">').count('sizes="(max-width: 200px) 100vw, 200px"') == 2

    def test_forms_of_its_own_type_alone_need_no_choice_of_types(self):
        html = html_of("![](f.png)")
        assert "<picture" not in html
        assert 'srcset="/media/5/w/480.png 480w, /media/5/f.png 400w" sizes="(max-width: 400px)' in html

    def test_where_the_author_has_chosen_nobody_else_does(self):
        html = html_of('<picture><source srcset="a.png" media="(width > 40em)"><img src="e.png"></picture>')
        assert html.count("<picture>") == 1
        assert ".avif" not in html
        assert '<source srcset="/media/1/a.png" media="(width &gt; 40em)"><img src="/media/5/e.png"' in html

    def test_nobody_who_writes_html_can_add_a_form(self):
        assert "evil" not in html_of('<img src="e.png" srcset="https://evil.example/x.png 1w" sizes="1px">')


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
