"""A small HTML tree, because Markdown and raw HTML interleave and only a tree makes one well-formed page of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from homeport.text.tags import BLOCK, CLOSED_BY, P_BARRIER, VOID

# Real posts nest a dozen levels; the bounds keep every later pass linear and clear of the recursion limit.
MAX_RAW_DEPTH = 100
MAX_DEPTH = 140


@dataclass(slots=True, eq=False)
class Element:
    """One element; `own` holds attributes only the renderer may set, which pass by the sanitiser."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    is_raw: bool = False
    holds_block: bool = False
    holds_control: bool = False


@dataclass(slots=True, eq=False)
class Blob:
    """Finished markup of our own (code, formulas) that no later pass looks into."""

    html: str
    text: str
    is_block: bool = False
    source: str = ""


@dataclass(slots=True, eq=False)
class Marker:
    """The place where the author cut the opening off with `<!--more-->`."""


Node = str | Element | Blob | Marker


def walk(node: Element) -> Iterator[Element]:
    """Yield every element below a node, in document order."""
    waiting = [child for child in reversed(node.children) if isinstance(child, Element)]
    while waiting:
        element = waiting.pop()
        yield element
        if element.children:
            waiting += [child for child in reversed(element.children) if isinstance(child, Element)]


def text_of(nodes: list[Node]) -> str:
    """Return the plain text of nodes, as a reader would say it."""
    parts: list[str] = []
    _add_text(nodes, parts)
    return "".join(parts)


def _add_text(nodes: list[Node], parts: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        elif isinstance(node, Element):
            if node.attrs and is_apparatus(node):
                continue
            if node.tag == "img":
                parts.append(node.attrs.get("alt", ""))
            else:
                _add_text(node.children, parts)
            if node.tag in BLOCK or node.tag in _CELLS:
                parts.append("\n")
        elif isinstance(node, Blob):
            parts.append(node.text)


_CELLS = frozenset({"br", "td", "th"})


def is_apparatus(element: Element) -> bool:
    """Tell footnote marks, margin notes and heading anchors from the author's words."""
    return element.attrs.get("class", "") in {"fnref", "sidenote", "anchor"} and not element.is_raw


def is_blank(node: Node) -> bool:
    """Tell whether a node is nothing but white space, as HTML counts it."""
    return isinstance(node, str) and not node.strip(" \t\n\f\r")


# A wide table scrolls in a frame that the keyboard can reach.
TABLE_FRAME = {"tabindex": "0", "role": "region", "aria-label": "Table"}


class TreeBuilder:
    """Builds a well-formed tree from our own elements and from raw tags in whatever order they come.

    Raw tags can neither close nor outlive the element of ours they stand in.
    """

    def __init__(self) -> None:
        self.root = Element("div")
        self.has_raw = False
        self._stack = [self.root]
        self._ignored: dict[str, int] = {}

    @property
    def current(self) -> Element:
        """The innermost open element."""
        return self._stack[-1]

    def is_inside(self, tags: frozenset[str]) -> bool:
        """Whether any of these elements is open."""
        return any(element.tag in tags for element in self._stack)

    def add(self, node: Node) -> None:
        """Append a finished node."""
        self._stack[-1].children.append(node)

    def open(self, tag: str, attrs: dict[str, str] | None = None, own: dict[str, str] | None = None) -> Element:
        """Open an element of ours."""
        element = Element(tag, attrs or {}, own=own or {})
        if len(self._stack) < MAX_DEPTH:
            self._stack[-1].children.append(element)
        else:
            # Too deep to be seen: what is written into it lands in the element around it.
            element.children = self._stack[-1].children
        self._stack.append(element)
        return element

    def close(self) -> None:
        """Close the innermost element of ours and whatever raw elements are still open in it."""
        while self._stack.pop().is_raw:
            continue

    def open_raw(self, element: Element, *, is_attached: bool = True, is_empty: bool = False) -> None:
        """Open a raw element where HTML would put it; a detached one swallows its content."""
        self._close_implied(element.tag)
        if len(self._stack) >= MAX_RAW_DEPTH:
            self._ignored[element.tag] = self._ignored.get(element.tag, 0) + 1
            return
        element.is_raw = self.has_raw = True
        if is_attached:
            self._stack[-1].children.append(element)
        if not is_empty and element.tag not in VOID:
            self._stack.append(element)

    def close_raw(self, tag: str) -> None:
        """Close the nearest open raw element of this name, if the element of ours around it has one."""
        if self._ignored.get(tag):
            self._ignored[tag] -= 1
            return
        for index in range(len(self._stack) - 1, 0, -1):
            if not self._stack[index].is_raw:
                return
            if self._stack[index].tag == tag:
                del self._stack[index:]
                return

    def end_piece(self) -> None:
        """Close a raw paragraph that a piece of raw HTML left open after its words."""
        top = self._stack[-1]
        if top.is_raw and top.tag == "p" and text_of(top.children).strip():
            self._stack.pop()

    def _close_implied(self, tag: str) -> None:
        if tag in BLOCK:
            self._close_back_to({"p"}, P_BARRIER)
        closes, barrier = CLOSED_BY.get(tag, (frozenset[str](), frozenset[str]()))
        if closes:
            self._close_back_to(closes, barrier)

    def _close_back_to(self, tags: frozenset[str] | set[str], barrier: frozenset[str]) -> None:
        lowest = 0
        for index in range(len(self._stack) - 1, 0, -1):
            element = self._stack[index]
            if not element.is_raw or element.tag in barrier:
                break
            if element.tag in tags:
                lowest = index
        if lowest:
            del self._stack[lowest:]


def serialise(nodes: list[Node], blobs: list[str]) -> str:
    """Write nodes as HTML; our own attributes and blobs become placeholders, kept aside in `blobs`."""
    out: list[str] = []
    _write(nodes, out, blobs)
    return "".join(out)


# Noncharacters can't come from a source: they are replaced before parsing. So no author can forge a placeholder.
OPEN_MARK, CLOSE_MARK = "\ufdd0", "\ufdd1"
OWN_ATTRIBUTE = "data-own"


def _write(nodes: list[Node], out: list[str], blobs: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            out.append(escape(node, quote=False))
        elif isinstance(node, Element):
            _write_element(node, out, blobs)
        elif isinstance(node, Blob):
            out.append(_set_aside(node.html, blobs))


def _write_element(element: Element, out: list[str], blobs: list[str]) -> None:
    tag = element.tag
    attributes = _attributes(element.attrs) if element.attrs else ""
    if element.own:
        attributes += f' {OWN_ATTRIBUTE}="{_set_aside(_attributes(element.own), blobs)}"'
    out.append(f"<{tag}{attributes}>")
    if tag not in VOID:
        _write(element.children, out, blobs)
        out.append(f"</{tag}>\n" if tag in BLOCK else f"</{tag}>")


def _attributes(attrs: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attrs.items())


def _set_aside(html: str, blobs: list[str]) -> str:
    blobs.append(html)
    return f"{OPEN_MARK}{len(blobs) - 1}{CLOSE_MARK}"
