from homeport.text.markdown import Resolved, render

PLACES = {name: Resolved(f"/media/1/{name}", 640, 480) for name in ("a.mp4", "b.webm", "c.png", "d.png", "e.mp3")}


def html_of(source: str) -> str:
    return render(source, resolve=lambda _kind, target: PLACES.get(target)).html.strip().replace("\n", "")


class TestPlayers:
    def test_a_video_from_here_can_be_controlled_and_waits(self):
        html = html_of("<video src=a.mp4 autoplay onplay=x poster=c.png></video>")
        assert 'src="/media/1/a.mp4" width="640" height="480"' in html
        assert 'poster="/media/1/c.png" controls="" preload="metadata"' in html
        assert "autoplay" not in html

    def test_several_sources_are_kept(self):
        html = html_of("<video><source src=a.mp4 type=video/mp4><source src=b.webm>words</video>")
        assert '<source src="/media/1/a.mp4"><source src="/media/1/b.webm">words</video>' in html

    def test_one_from_elsewhere_is_a_link(self):
        html = html_of("<video src=https://example.org/x.mp4></video>")
        assert "<video" not in html
        assert 'href="https://example.org/x.mp4" rel="nofollow noopener">x.mp4</a>' in html

    def test_one_that_is_missing_is_named(self):
        assert html_of("<audio src=gone.mp3></audio>") == '<p><span class="missing-image">gone.mp3</span></p>'

    def test_sound_has_no_size(self):
        assert html_of("<audio src=e.mp3></audio>") == (
            '<p><audio src="/media/1/e.mp3" controls="" preload="metadata"></audio></p>'
        )


class TestPictures:
    def test_a_dark_picture_is_kept(self):
        html = html_of(
            "<picture><source media='(prefers-color-scheme: dark)' srcset='c.png 2x'><img src=d.png alt=x></picture>"
        )
        assert (
            '<source srcset="/media/1/c.png 2x" media="(prefers-color-scheme: dark)"><img src="/media/1/d.png"' in html
        )

    def test_a_source_from_elsewhere_is_left_out(self):
        html = html_of("<picture><source srcset='https://example.org/x.png'><img src=d.png alt=x></picture>")
        assert "source" not in html
        assert "<picture" not in html


def test_a_frame_becomes_a_link():
    html = html_of('<iframe src="https://example.org/embed/1" title="A talk"></iframe>')
    assert html == '<a class="embed" href="https://example.org/embed/1">A talk</a>'
