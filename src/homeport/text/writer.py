"""Writes Markdown tokens into the tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markdown_it.token import Token

from homeport.text.blocks import MAX_NESTING
from homeport.text.code import code_figure
from homeport.text.fenceinfo import FenceInfo, read_fence_info
from homeport.text.highlighting import Highlighter
from homeport.text.mathml import formula
from homeport.text.notes import Notes
from homeport.text.rawhtml import RAW_TEXT, read_html
from homeport.text.references import image_of, link_address
from homeport.text.rendered import Rendering
from homeport.text.templates import is_closing, short_name
from homeport.text.tree import TABLE_FRAME, Blob, Element, TreeBuilder, walk
from homeport.text.urls import refused_scheme

_Handler = Callable[[Sequence[Token], int], int | None]


class Writer:
    """Writes the tokens of one post, its footnotes last."""

    def __init__(self, builder: TreeBuilder, rendering: Rendering, notes: Notes) -> None:
        self._builder = builder
        self._rendering = rendering
        self._notes = notes
        self._highlighter = Highlighter()
        self._line = 1
        self._unclosed: set[tuple[int, str]] = set()
        self._handlers: dict[str, _Handler] = {
            "callout_open": self._callout,
            "callout_title_open": self._callout_title,
            "code_block": self._code_block,
            "code_inline": self._code_inline,
            "fence": self._fence,
            "footnote_ref": self._footnote_reference,
            "hardbreak": self._hard_break,
            "heading_open": self._heading,
            "html_block": self._html_block,
            "html_inline": self._html_inline,
            "image": self._image,
            "inline": self._inline,
            "link_open": self._link,
            "list_item_open": self._list_item,
            "math_block": self._math_block,
            "math_inline": self._math_inline,
            "ordered_list_open": self._ordered_list,
            "paragraph_open": self._paragraph,
            "paragraph_close": self._paragraph_end,
            "softbreak": self._soft_break,
            "bullet_list_open": self._bullet_list,
            "table_open": self._table,
            "table_close": self._table_end,
            "td_open": self._cell,
            "template": self._template,
            "th_open": self._cell,
        }

    def write(self, tokens: Sequence[Token]) -> None:
        """Write block or inline tokens; a handler may say where to go on."""
        handlers = self._handlers
        index, end = 0, len(tokens)
        while index < end:
            token = tokens[index]
            if token.type == "text":
                self._builder.add(token.content)
                index += 1
                continue
            if token.map:
                self._line = token.map[0] + 1
            if token.meta and token.meta.get("is_flat"):
                self._rendering.drop(self._line, f"what is nested deeper than {MAX_NESTING} levels is plain text")
            following = None
            if handler := handlers.get(token.type):
                following = handler(tokens, index)
            elif token.nesting > 0:
                self._builder.open(token.tag)
            elif token.nesting < 0:
                self._builder.close()
            elif token.tag:
                self._builder.add(Element(token.tag))
            index = index + 1 if following is None else following

    def write_notes(self) -> None:
        """Write the footnotes met so far, and those met in them, as endnotes."""
        if not self._notes.is_empty:
            self._notes.write_endnotes(self._builder, self.write)

    def _paragraph(self, tokens: Sequence[Token], index: int) -> int | None:
        if tokens[index].hidden:
            return None
        children = [child for child in tokens[index + 1].children or [] if not _is_blank(child)]
        if _is_lone_image(children):
            self._figure(children)
            return index + 3
        self._builder.open("p")
        return None

    def _paragraph_end(self, tokens: Sequence[Token], index: int) -> None:
        if not tokens[index].hidden:
            self._builder.close()

    def _figure(self, children: Sequence[Token]) -> None:
        figure = self._builder.open("figure", {"class": "image"})
        image = next(child for child in children if child.type == "image")
        title = image.attrs.pop("title", "")
        self.write(children)
        if title:
            self._builder.open("figcaption")
            self._builder.add(str(title))
            self._builder.close()
        self._builder.close()
        # Without a picture or a caption there is nothing to frame.
        if not title and not any(element.tag in {"img", "video"} for element in walk(figure)):
            figure.tag, figure.attrs = "p", {}

    def _heading(self, tokens: Sequence[Token], index: int) -> None:
        meta = tokens[index].meta
        self._builder.open(tokens[index].tag, {"id": meta["id"]} if "id" in meta else {})

    def _bullet_list(self, tokens: Sequence[Token], index: int) -> None:
        is_tasks = "contains-task-list" in str(tokens[index].attrs.get("class", ""))
        self._builder.open("ul", {"class": "tasks"} if is_tasks else {})

    def _ordered_list(self, tokens: Sequence[Token], index: int) -> None:
        attrs = {"start": str(start)} if (start := tokens[index].attrs.get("start", 1)) != 1 else {}
        if "contains-task-list" in str(tokens[index].attrs.get("class", "")):
            attrs["class"] = "tasks"
        self._builder.open("ol", attrs)

    def _list_item(self, tokens: Sequence[Token], index: int) -> None:
        self._builder.open("li")
        checked = (tokens[index].meta or {}).get("checked")
        if checked is not None:
            own = {"type": "checkbox", "disabled": "", "aria-label": "done" if checked else "to do"}
            self._builder.add(Element("input", own=own | ({"checked": ""} if checked else {})))
            self._builder.add(" ")

    def _callout(self, tokens: Sequence[Token], index: int) -> None:
        self._builder.open("aside", {"class": f"callout {tokens[index].meta['kind']}"}, {"role": "note"})

    def _callout_title(self, _tokens: Sequence[Token], _index: int) -> None:
        self._builder.open("p", {"class": "callout-title"})

    def _table(self, _tokens: Sequence[Token], _index: int) -> None:
        self._builder.open("div", {"class": "table"}, TABLE_FRAME)
        self._builder.open("table")

    def _table_end(self, _tokens: Sequence[Token], _index: int) -> None:
        self._builder.close()
        self._builder.close()

    def _cell(self, tokens: Sequence[Token], index: int) -> None:
        style = str(tokens[index].attrs.get("style", ""))
        alignment = style.removeprefix("text-align:")
        self._builder.open(tokens[index].tag, {"class": alignment} if alignment in {"center", "right"} else {})

    def _fence(self, tokens: Sequence[Token], index: int) -> None:
        fence = read_fence_info(tokens[index].info)
        if fence.language == "math":
            self._math_block(tokens, index)
        else:
            self._add_code(tokens[index].content, fence)

    def _code_block(self, tokens: Sequence[Token], index: int) -> None:
        self._add_code(tokens[index].content, FenceInfo())

    def _add_code(self, source: str, fence: FenceInfo) -> None:
        self._builder.add(Blob(code_figure(source, fence, self._highlighter), "", is_block=True, source=source))

    def _math_block(self, tokens: Sequence[Token], index: int) -> None:
        source = tokens[index].content
        markup = f'<div class="math" tabindex="0">{self._formula(source, is_block=True)}</div>\n'
        self._builder.add(Blob(markup, "", is_block=True, source=source))

    def _html_block(self, tokens: Sequence[Token], index: int) -> None:
        read_html(tokens[index].content, self._line, self._builder, self._rendering)

    def _inline(self, tokens: Sequence[Token], index: int) -> None:
        self.write(tokens[index].children or [])

    def _template(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        if token.meta["is_raw"]:
            self._builder.add(token.content)
            return
        if not is_closing(token.content):
            self._rendering.drop(self._line, f"the template tag {short_name(token.content)} is shown as text")
        self._line += token.content.count("\n")
        self._builder.add(Element("code", {"class": "shortcode"}, [token.content]))

    def _soft_break(self, _tokens: Sequence[Token], _index: int) -> None:
        self._line += 1
        self._builder.add("\n")

    def _hard_break(self, _tokens: Sequence[Token], _index: int) -> None:
        self._line += 1
        self._builder.add(Element("br"))
        self._builder.add("\n")

    def _code_inline(self, tokens: Sequence[Token], index: int) -> None:
        self._builder.add(Element("code", children=[tokens[index].content]))

    def _math_inline(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        self._builder.add(Blob(self._formula(token.content, is_block=token.meta["display"]), token.content))

    def _formula(self, source: str, *, is_block: bool) -> str:
        written = formula(source, is_block=is_block)
        for attribute in written.dropped:
            self._rendering.drop(self._line, f"{attribute} in a formula dropped")
        return written.markup

    def _link(self, tokens: Sequence[Token], index: int) -> None:
        attrs: dict[str, str] = {}
        target = str(tokens[index].attrs.get("href", ""))
        if (address := link_address(target, self._rendering)) is not None:
            attrs["href"] = address
        elif scheme := refused_scheme(target):
            self._rendering.drop(self._line, f"{scheme}: address dropped")
        if title := tokens[index].attrs.get("title"):
            attrs["title"] = str(title)
        self._builder.open("a", attrs)

    def _image(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        attrs = {"src": str(token.attrs["src"]), "alt": _words_of(token.children or [])}
        if title := token.attrs.get("title"):
            attrs["title"] = str(title)
        self._builder.add(image_of(Element("img", attrs), self._rendering))

    def _html_inline(self, tokens: Sequence[Token], index: int) -> int | None:
        html = tokens[index].content
        tag = html[1:].split(">")[0].split()[0].lower() if html[1:2].isalpha() else ""
        read_html(html, self._line, self._builder, self._rendering)
        if tag in RAW_TEXT and (end := self._closing_index(tokens, index, tag)):
            return end + 1
        return None

    def _closing_index(self, tokens: Sequence[Token], index: int, tag: str) -> int | None:
        """Find where an inline `<script>` or the like ends; once there is no end, none is looked for again."""
        if (id(tokens), tag) not in self._unclosed:
            for following in range(index + 1, len(tokens)):
                token = tokens[following]
                if token.type == "html_inline" and token.content.lower().startswith(f"</{tag}"):
                    return following
            self._unclosed.add((id(tokens), tag))
        return None

    def _footnote_reference(self, tokens: Sequence[Token], index: int) -> None:
        self._notes.write_reference(tokens[index].meta, self._builder)


def _is_blank(token: Token) -> bool:
    return token.type == "text" and not token.content.strip()


def _is_lone_image(children: Sequence[Token]) -> bool:
    kinds = [child.type for child in children]
    return kinds in (["image"], ["link_open", "image", "link_close"])


def _words_of(children: Sequence[Token]) -> str:
    """Return an image's description as plain text."""
    parts: list[str] = []
    for child in children:
        if child.type in {"text", "code_inline", "math_inline", "template"}:
            parts.append(child.content)
        elif child.type == "image":
            parts.append(_words_of(child.children or []))
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return "".join(parts)
