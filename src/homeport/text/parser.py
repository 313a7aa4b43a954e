"""The Markdown parsers, built once: the plain CommonMark one and ours."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.deflist import deflist_plugin

from homeport.text.autolinks import autolinks_rule
from homeport.text.blocks import MAX_NESTING, BoundedBlockParser
from homeport.text.callouts import callouts_plugin
from homeport.text.footnotes import footnotes_plugin
from homeport.text.inlines import InlineParser
from homeport.text.maths import maths_plugin
from homeport.text.shortcodes import shortcodes_plugin
from homeport.text.tables import tables_plugin
from homeport.text.typography import typography_rule

_EXPLICIT_ID = re.compile(r"[ \t]*\{:?[ \t]*#([^\s{}#.\"'<>]{1,100})[^{}\n]{0,200}\}[ \t]*$")


@cache
def plain_parser() -> MarkdownIt:
    """Return the parser of the plain profile: CommonMark 0.31 and nothing else."""
    md = _Parser("commonmark")
    md.add_render_rule("blockquote_open", _open_quote)
    return _warmed(md)


def plain_parser_with(*, left_out: Sequence[str], breaks: bool = False, autolinks: bool = False) -> MarkdownIt:
    """Return a parser of CommonMark without some of its rules.

    With `breaks` a new line is one for readers too, with `autolinks` a pasted address is a link.
    """
    md = _Parser("commonmark", {"html": False, "breaks": breaks})
    md.disable(list(left_out))
    if autolinks:
        md.core.ruler.push("autolinks", autolinks_rule)
    return _warmed(md)


def _normalize(state: StateCore) -> None:
    """End every line alike and leave no null, without looking at each of the lines."""
    state.src = state.src.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _warmed(md: MarkdownIt) -> MarkdownIt:
    """Let a parser order its rules before other threads see it: it does so at its first work, not atomically."""
    md.render("*a*")
    return md


def _open_quote(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Write an empty quote on two lines, as the specification's examples do."""
    opening = renderer.renderToken(tokens, index, options, env)
    return opening if opening.endswith("\n") else opening + "\n"


@cache
def post_parser(*, typographer: bool) -> MarkdownIt:
    """Return the parser for posts."""
    return _warmed(_made_for_posts(typographer=typographer))


@cache
def block_parser() -> MarkdownIt:
    """Return a parser for the blocks of posts that leaves unread what stands in them."""
    md = _made_for_posts(typographer=False)
    md.core.ruler.enableOnly(["normalize", "block", "explicit_ids"])
    return _warmed(md)


def _made_for_posts(*, typographer: bool) -> MarkdownIt:
    md = _PostParser("commonmark", {"tasklists": True, "typographer": typographer, "maxNesting": MAX_NESTING})
    md.enable("strikethrough")
    tables_plugin(md)
    deflist_plugin(md)
    callouts_plugin(md)
    footnotes_plugin(md)
    maths_plugin(md)
    shortcodes_plugin(md)
    md.core.ruler.after("block", "explicit_ids", _explicit_ids)
    md.core.ruler.push("typography", typography_rule)
    return md


class _Parser(MarkdownIt):
    """Reads blocks and what is in them with our own two parsers."""

    def __init__(self, config: str, options: dict[str, Any] | None = None) -> None:
        super().__init__(config, options)
        self.block = BoundedBlockParser()
        self.inline = InlineParser()
        self.core.ruler.at("normalize", _normalize)
        # Once more, because it is these parsers that are told which rules there are.
        self.configure(config, options)


class _PostParser(_Parser):
    """Keeps targets as written, for the reference table; they are made valid when they are written out."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - the library's name
        return link


def _explicit_ids(state: StateCore) -> None:
    """Take `{#id}` off the end of headings."""
    for index, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        inline = state.tokens[index + 1]
        if "{" in inline.content and (match := _EXPLICIT_ID.search(inline.content)):
            token.meta["id"] = match.group(1)
            inline.content = inline.content[: match.start()]
