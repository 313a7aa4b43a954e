from dataclasses import replace
from pathlib import Path

import pytest

from homeport.exchange import rendering
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.links import Asset, Place, destinations
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.post import ImportedPost
from homeport.exchange.readers import digest_of
from homeport.exchange.rendering import FEW, RenderedPost, Renderer, render_all
from homeport.exchange.tree import walk
from homeport.text.markdown import RenderOptions
from tests.factories.deadly import Deadly
from tests.factories.folders import png, write_folder


def renderer_of(root: Path, files: dict[str, str | bytes]) -> Renderer:
    tree = walk(write_folder(root, files))
    return Renderer(tree, destinations(Origin(Dialect.PLAIN), tree.files), RenderOptions(), 10_000)


def post_of(path: str, content: str, *, front: str = "", **changes) -> ImportedPost:
    post = ImportedPost(
        path=path,
        digest=digest_of((front + content).encode()),
        front_matter_length=len(front),
        body_line=front.count("\n") + 1,
        kind="article",
        title="T",
        slug="t",
        state="draft",
        published_at=None,
    )
    return replace(post, **changes)


def rendered(renderer: Renderer, post: ImportedPost) -> RenderedPost:
    ((_, outcome),) = render_all(renderer, [post], processes=1)
    assert isinstance(outcome, RenderedPost)
    return outcome


class TestOneText:
    def test_front_matter_and_source_come_apart(self, tmp_path):
        front = "---\na: 1\n---\n"
        taken = rendered(renderer_of(tmp_path, {"a.md": front + "*Hi*"}), post_of("a.md", "*Hi*", front=front))
        assert (taken.front_matter, taken.source) == (front, "*Hi*")
        assert "<em>Hi</em>" in taken.rendered.html

    def test_a_made_up_front_matter_is_left_behind(self, tmp_path):
        post = post_of("a.md", "Hi", front="---\na: 1\n---\n", has_made_up_front_matter=True)
        taken = rendered(renderer_of(tmp_path, {"a.md": "---\na: 1\n---\nHi"}), post)
        assert (taken.front_matter, taken.source) == ("", "Hi")

    def test_pictures_are_prepared_and_shown_with_their_size(self, tmp_path):
        renderer = renderer_of(tmp_path, {"a.md": "![](p.png)", "p.png": png(7, 5)})
        taken = rendered(renderer, post_of("a.md", "![](p.png)"))
        assert taken.meanings == {("image", "p.png"): Asset("p.png")}
        assert f'src="/media/{taken.media["p.png"].hash}/p.png"' in taken.rendered.html
        assert 'width="7"' in taken.rendered.html

    def test_the_bytes_of_a_picture_are_handed_over_once(self, tmp_path):
        renderer = renderer_of(tmp_path, {"a.md": "![](p.png)", "b.md": "![](p.png)", "p.png": png()})
        assert rendered(renderer, post_of("a.md", "![](p.png)")).media
        assert not rendered(renderer, post_of("b.md", "![](p.png)")).media

    def test_a_broken_link_is_reported_once_with_its_line(self, tmp_path):
        content = "One\n\n[a](gone.md) [b](gone.md)\n"
        taken = rendered(
            renderer_of(tmp_path, {"a.md": "---\n---\n" + content}), post_of("a.md", content, front="---\n---\n")
        )
        assert [notice.line for notice in taken.warnings] == [5]

    def test_a_cover_that_is_no_file_is_reported(self, tmp_path):
        taken = rendered(renderer_of(tmp_path, {"a.md": ""}), post_of("a.md", "", cover="gone.png"))
        assert (taken.cover, len(taken.warnings)) == ("", 1)

    def test_what_is_dropped_often_is_said_once(self, tmp_path):
        content = "<script>a</script>\n\n<script>b</script>\n"
        taken = rendered(renderer_of(tmp_path, {"a.md": content}), post_of("a.md", content))
        assert [notice.line for notice in taken.warnings] == [1]
        assert "2 times" in taken.warnings[0].reason

    def test_links_to_texts_keep_their_fragment(self, tmp_path):
        renderer = renderer_of(tmp_path, {"a.md": "[b](b.md#x)", "b.md": ""})
        renderer.meanings.add(Place("/posts/b", "b.md"))
        assert 'href="/posts/b#x"' in rendered(renderer, post_of("a.md", "[b](b.md#x)")).rendered.html


class TestRenderAll:
    def test_a_file_that_changed_meanwhile_is_refused(self, tmp_path):
        renderer = renderer_of(tmp_path, {"a.md": "new"})
        ((_, outcome),) = render_all(renderer, [post_of("a.md", "old")], processes=1)
        assert isinstance(outcome, FileRefusedError)

    def test_a_text_the_renderer_chokes_on_is_refused_alone(self, tmp_path, monkeypatch):
        def choke(source: str, **_: object) -> object:
            raise RecursionError("too deep") if source == "bad" else rendering_of(source)

        def rendering_of(source: str) -> Exception:
            return ValueError(source)

        monkeypatch.setattr(rendering, "render", choke)
        renderer = renderer_of(tmp_path, {"a.md": "bad"})
        ((_, outcome),) = render_all(renderer, [post_of("a.md", "bad")], processes=1)
        assert isinstance(outcome, FileRefusedError)
        assert "RecursionError" in str(outcome)

    def test_processes_render_in_the_given_order(self, tmp_path):
        texts = {f"{number:03}.md": f"Text {number}" for number in range(FEW * 3)}
        renderer = renderer_of(tmp_path, texts)
        outcomes = list(render_all(renderer, [post_of(*item) for item in texts.items()], processes=2))
        assert [post.path for post, _ in outcomes] == list(texts)
        assert all(isinstance(outcome, RenderedPost) for _, outcome in outcomes)

    @pytest.mark.parametrize("place", [0, 7, FEW * 2 - 1])
    def test_a_text_that_ends_its_process_is_refused_and_the_others_go_in(self, tmp_path, place):
        texts = {f"{number:03}.md": f"Text {number}" for number in range(FEW * 2)}
        renderer = replace(renderer_of(tmp_path, texts), meanings=Deadly())
        posts = [post_of(*item) for item in texts.items()]
        posts[place] = replace(posts[place], cover="deadly")
        outcomes = list(render_all(renderer, posts, processes=2))
        assert sorted(post.path for post, _ in outcomes) == list(texts)
        refused = [post.path for post, outcome in outcomes if isinstance(outcome, FileRefusedError)]
        assert refused == [posts[place].path]


def test_tags_of_other_tools_are_reported_with_their_line_in_the_file(tmp_path):
    content = "# T\n\n{{< youtube x >}} [b]({% post_url 2020-01-01-b %})"
    renderer = renderer_of(tmp_path, {"a.md": content, "2020-01-01-b.md": "b"})
    renderer.meanings.add(Place("/posts/b", "2020-01-01-b.md"))
    taken = rendered(renderer, post_of("a.md", content))
    assert 'href="/posts/b"' in taken.rendered.html
    assert "<h2" not in taken.rendered.html
    assert [(notice.line, notice.reason) for notice in taken.warnings] == [
        (3, "the template tag {{< youtube … >}} is shown as text")
    ]
