"""Markdown to HTML: the one door to rendering.

The stages, each in its module: `parser` reads Markdown into tokens, `writer` writes tokens and raw HTML into one
tree, `repair` makes the tree valid, `outline` names its headings, `sanitise` lets through what is harmless.
"""

from typing import Any

from homeport.text.embeds import settle_players
from homeport.text.excerpt import count_words, excerpt_of
from homeport.text.feed import for_feed
from homeport.text.lists_and_tables import complete_structure
from homeport.text.notes import Notes
from homeport.text.outline import settle_headings
from homeport.text.parser import plain_parser, post_parser
from homeport.text.rawhtml import clean_text
from homeport.text.rendered import Heading, Rendered, Rendering, RenderOptions, Resolved, Resolver, no_resolve
from homeport.text.repair import repair
from homeport.text.sanitise import put_back, sanitise
from homeport.text.titles import take_title
from homeport.text.tree import Element, TreeBuilder, serialise
from homeport.text.writer import Writer

__all__ = [
    "RENDERER_VERSION",
    "Heading",
    "RenderOptions",
    "Rendered",
    "Resolved",
    "Resolver",
    "for_feed",
    "no_resolve",
    "render",
    "render_plain",
]

# Raised whenever the same source renders to other HTML, so that stored pages are rendered anew.
RENDERER_VERSION = 2


def render(source: str, *, options: RenderOptions | None = None, resolve: Resolver = no_resolve) -> Rendered:
    """Render a post: safe, valid HTML and what other pages need to know of it."""
    rendering = Rendering(options or RenderOptions(), resolve, source_length=len(source))
    root = _tree(clean_text(source.removeprefix("\ufeff")), rendering)
    take_title(root, rendering.options.title)
    outline = settle_headings(root)
    blobs: list[str] = []
    html = serialise(root.children, blobs)
    if not rendering.options.raw_html:
        html = sanitise(html)
    return Rendered(
        html=put_back(html, blobs),
        outline=outline,
        excerpt=excerpt_of(root),
        word_count=count_words(root),
        references=tuple(rendering.references),
        dropped=tuple(rendering.dropped),
    )


def render_plain(source: str) -> str:
    """Render plain CommonMark 0.31, raw HTML and all: for tests of conformance, never for readers."""
    return str(plain_parser().render(source))


def _tree(source: str, rendering: Rendering) -> Element:
    env: dict[str, Any] = {}
    tokens = post_parser(typographer=rendering.options.typographer).parse(source, env)
    builder = TreeBuilder()
    writer = Writer(builder, rendering, Notes(env.get("footnotes", {})))
    writer.write(tokens)
    writer.write_notes()
    if builder.has_raw:
        builder.root.children = settle_players(builder.root.children, rendering)
        complete_structure(builder.root)
    repair(builder.root)
    return builder.root
