"""Makes a tree valid HTML: what stands where it may not is moved, renamed or unwrapped, never lost."""

from homeport.text.lists_and_tables import complete_structure
from homeport.text.tags import BLOCK, CONTROLS, HEADINGS, MATHML, PHRASING_ONLY, TRANSPARENT
from homeport.text.tree import Blob, Element, Node

_INLINE = PHRASING_ONLY - {*HEADINGS, "pre", "summary"}


def repair(root: Element) -> None:
    """Make everything below a root element valid."""
    _survey(root)
    complete_structure(root)
    _survey(root)
    root.children = _placed(root.children, is_flow=True, in_link=False)


def _survey(element: Element) -> None:
    """Note on each element whether it holds blocks or controls, looking through inline elements for blocks."""
    element.holds_block = element.holds_control = False
    for child in element.children:
        if isinstance(child, Blob):
            element.holds_block |= child.is_block
            element.holds_control |= child.is_block
        elif isinstance(child, Element):
            _survey(child)
            element.holds_block |= child.tag in BLOCK or child.holds_block
            element.holds_control |= child.tag in CONTROLS or child.holds_control or "tabindex" in child.own


def _placed(children: list[Node], *, is_flow: bool, in_link: bool) -> list[Node]:
    """Return nodes such that all of them may stand where they are put."""
    out: list[Node] = []
    for child in children:
        if isinstance(child, Element):
            out.extend(_placed_element(child, is_flow=is_flow, in_link=in_link))
        elif isinstance(child, Blob) and child.is_block and not is_flow:
            out.append(" ")
        else:
            out.append(child)
    return out


def _placed_element(element: Element, *, is_flow: bool, in_link: bool) -> list[Node]:
    if element.tag in MATHML:
        return [element]
    if element.tag in BLOCK and not is_flow:
        return [" ", *_placed(element.children, is_flow=False, in_link=in_link), " "]
    if element.tag == "p":
        return _paragraphs(element, in_link=in_link)
    if element.tag == "a":
        return _link(element, is_flow=is_flow, in_link=in_link)
    if element.tag in {"audio", "video", "details", "input"} and in_link:
        return _placed(element.children, is_flow=is_flow, in_link=in_link)
    if element.tag in _INLINE and element.holds_block and is_flow:
        return _placed(element.children, is_flow=True, in_link=in_link)
    inner_flow = is_flow if element.tag in TRANSPARENT else element.tag not in PHRASING_ONLY
    element.children = _placed(element.children, is_flow=inner_flow, in_link=in_link)
    return [element]


def _link(link: Element, *, is_flow: bool, in_link: bool) -> list[Node]:
    if in_link:
        # A link in a link: the outer one wins, the inner keeps its name and place.
        link.tag, link.own = "span", {key: value for key, value in link.own.items() if key == "id"}
        for name in ("href", "rel", "hreflang"):
            link.attrs.pop(name, None)
        return _placed_element(link, is_flow=is_flow, in_link=True)
    if link.holds_control or (link.holds_block and link.is_raw and "href" not in link.attrs):
        kept = _placed(link.children, is_flow=is_flow, in_link=False)
        return [Element("span", {"id": link.attrs["id"]}), *kept] if "id" in link.attrs else kept
    link.children = _placed(link.children, is_flow=is_flow, in_link=True)
    return [link]


def _paragraphs(paragraph: Element, *, in_link: bool) -> list[Node]:
    """Split a paragraph around the blocks in it; one opened by hand around whole blocks becomes a `<div>`."""
    if not paragraph.holds_block:
        paragraph.children = _placed(paragraph.children, is_flow=False, in_link=in_link)
        return [paragraph]
    if paragraph.is_raw and paragraph.attrs:
        paragraph.tag = "div"
        paragraph.children = _placed(paragraph.children, is_flow=True, in_link=in_link)
        return [paragraph]
    out: list[Node] = []
    run: list[Node] = []
    for child in paragraph.children:
        if _is_block(child):
            out += [*_paragraph_of(paragraph, run, in_link=in_link), *_placed([child], is_flow=True, in_link=in_link)]
            run = []
        else:
            run.append(child)
    return out + _paragraph_of(paragraph, run, in_link=in_link)


def _is_block(node: Node) -> bool:
    if isinstance(node, Element):
        return node.tag in BLOCK or node.holds_block
    return isinstance(node, Blob) and node.is_block


def _paragraph_of(paragraph: Element, run: list[Node], *, in_link: bool) -> list[Node]:
    if not any(not isinstance(node, str) or node.strip() for node in run):
        return []
    attrs = dict(paragraph.attrs)
    paragraph.attrs.pop("id", None)
    return [Element("p", attrs, _placed(run, is_flow=False, in_link=in_link), own=paragraph.own)]
