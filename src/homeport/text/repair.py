"""Makes a tree valid HTML: what stands where it may not is moved, renamed or unwrapped, never lost."""

from homeport.text.formulas import settle_formula
from homeport.text.tags import BLOCK, CONTROLS, HEADINGS, MATHML, PHRASING_ONLY, TRANSPARENT
from homeport.text.tree import TABLE_FRAME, Blob, Element, Node, is_blank, text_of
from homeport.text.values import settle_value

# Within a link or a cell nothing scrolls by itself.
_STILL = frozenset({"a", "td", "th"})
_REMEMBERED = frozenset({"dfn", "meter", "progress", "td", "th"})
_INLINE = PHRASING_ONLY - {*HEADINGS, "pre", "summary"}


def repair(root: Element) -> None:
    """Make everything below a root element valid."""
    _survey(root)
    root.children = _placed(root.children, is_flow=True, inside=frozenset())


def _survey(element: Element) -> None:
    """Note on each element whether it holds blocks or controls, looking through inline elements for blocks."""
    holds_block = holds_control = False
    for child in element.children:
        if isinstance(child, Element):
            if child.children:
                _survey(child)
            holds_block = holds_block or child.tag in BLOCK or child.holds_block
            holds_control = holds_control or child.tag in CONTROLS or child.holds_control or "tabindex" in child.own
        elif isinstance(child, Blob) and child.is_block:
            holds_block = holds_control = True
    element.holds_block, element.holds_control = holds_block, holds_control


def _placed(children: list[Node], *, is_flow: bool, inside: frozenset[str]) -> list[Node]:
    """Return nodes such that all of them may stand where they are put."""
    out: list[Node] = []
    for child in children:
        if isinstance(child, str):
            out.append(child)
        elif isinstance(child, Element):
            out += _placed_element(child, is_flow=is_flow, inside=inside)
        elif isinstance(child, Blob) and child.is_block and not is_flow:
            out.append(Element("code", children=[child.source]))
        else:
            out.append(child)
    return out


def _placed_element(element: Element, *, is_flow: bool, inside: frozenset[str]) -> list[Node]:
    if element.tag == "math":
        settle_formula(element)
        return [element]
    if element.tag in BLOCK and not is_flow:
        return [" ", *_placed(element.children, is_flow=False, inside=inside), " "]
    if element.tag == "p":
        return _paragraphs(element, inside=inside)
    if element.tag == "a":
        return _link(element, is_flow=is_flow, inside=inside)
    if _is_out_of_place(element, is_flow=is_flow, inside=inside):
        return _placed(element.children, is_flow=is_flow, inside=inside)
    settle_value(element)
    inner_flow = is_flow if element.tag in TRANSPARENT else element.tag not in PHRASING_ONLY
    inside = inside | {element.tag} if element.tag in _REMEMBERED else inside
    element.children = _placed(element.children, is_flow=inner_flow, inside=inside)
    return [_scrolling(element) if element.tag == "table" and element.is_raw and not inside & _STILL else element]


def _scrolling(table: Element) -> Element:
    """Put a table written by hand into the frame that those written in Markdown have."""
    return Element("div", {"class": "table"}, [table], own=TABLE_FRAME)


def _is_out_of_place(element: Element, *, is_flow: bool, inside: frozenset[str]) -> bool:
    """Tell whether only an element's content may stand here."""
    if element.tag in HEADINGS and not text_of(element.children).strip():
        return True
    if element.tag in MATHML or (element.tag in inside and element.tag not in _STILL):
        return True
    if "a" in inside and element.tag in CONTROLS:
        return True
    return is_flow and element.holds_block and element.tag in _INLINE


def _link(link: Element, *, is_flow: bool, inside: frozenset[str]) -> list[Node]:
    if "a" in inside:
        # A link in a link: the outer one wins, the inner keeps its name and place.
        link.tag, link.own = "span", {key: value for key, value in link.own.items() if key == "id"}
        for name in ("href", "rel", "hreflang"):
            link.attrs.pop(name, None)
        return _placed_element(link, is_flow=is_flow, inside=inside | {"a"})
    if link.holds_control or (link.holds_block and link.is_raw and "href" not in link.attrs):
        kept = _placed(link.children, is_flow=is_flow, inside=inside)
        return [Element("span", {"id": link.attrs["id"]}), *kept] if "id" in link.attrs else kept
    link.children = _placed(link.children, is_flow=is_flow, inside=inside | {"a"})
    return [link]


def _paragraphs(paragraph: Element, *, inside: frozenset[str]) -> list[Node]:
    """Split a paragraph around the blocks in it; one opened by hand around whole blocks becomes a `<div>`."""
    if not paragraph.holds_block:
        return _paragraph_of(paragraph, paragraph.children, inside=inside)
    if paragraph.is_raw and paragraph.attrs:
        paragraph.tag = "div"
        paragraph.children = _placed(paragraph.children, is_flow=True, inside=inside)
        return [paragraph]
    out: list[Node] = []
    run: list[Node] = []
    for child in _without_wrappers(paragraph.children):
        if _is_block(child):
            out += [*_paragraph_of(paragraph, run, inside=inside), *_placed([child], is_flow=True, inside=inside)]
            run = []
        else:
            run.append(child)
    return out + _paragraph_of(paragraph, run, inside=inside)


def _without_wrappers(children: list[Node]) -> list[Node]:
    """Take inline elements off around blocks, leaving their words in the paragraph."""
    out: list[Node] = []
    for child in children:
        is_wrapper = isinstance(child, Element) and child.tag in _INLINE and child.tag != "p" and child.holds_block
        out.extend(_without_wrappers(child.children) if isinstance(child, Element) and is_wrapper else [child])
    return out


def _is_block(node: Node) -> bool:
    if isinstance(node, Element):
        return node.tag in BLOCK or node.holds_block
    return isinstance(node, Blob) and node.is_block


def _paragraph_of(paragraph: Element, run: list[Node], *, inside: frozenset[str]) -> list[Node]:
    if all(is_blank(node) for node in run) and "id" not in paragraph.attrs:
        return []
    attrs = dict(paragraph.attrs)
    paragraph.attrs.pop("id", None)
    return [Element("p", attrs, _placed(run, is_flow=False, inside=inside), own=paragraph.own)]
