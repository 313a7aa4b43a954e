"""Completes the elements that may hold only certain others: lists, tables, figures, disclosures."""

from collections.abc import Callable

from homeport.text.tags import HEADINGS
from homeport.text.tree import Element, Node, is_blank, walk

_OWNERS = {
    "li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "figcaption": {"figure"}, "summary": {"details"},
    "rt": {"ruby"}, "rp": {"ruby"}, "caption": {"table"}, "colgroup": {"table"}, "thead": {"table"}, "tbody": {"table"},
    "tfoot": {"table"}, "tr": {"table", "thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"}, "col": {"colgroup"},
}  # fmt: skip

_ROW_GROUPS = ("thead", "tbody", "tfoot")
# One cell of a thousand columns asks for as many in every row; so many are no table to read.
_MAX_ADDED_CELLS = 2_000
_SECTIONS = {"aside", "section", *HEADINGS}


def complete_structure(element: Element, parent_tag: str = "") -> None:
    """Complete everything below an element, innermost first."""
    completed: list[Node] = []
    # A <div> may group the terms of a list of definitions.
    place = parent_tag if element.tag == "div" and parent_tag == "dl" else element.tag
    for child in element.children:
        if isinstance(child, Element):
            if child.tag in _OWNERS and place not in _OWNERS[child.tag]:
                _adopt(child, element)
            complete_structure(child, element.tag)
            completed.extend(_COMPLETERS[child.tag](child) if child.tag in _COMPLETERS else [child])
        else:
            completed.append(child)
    element.children = completed


def _adopt(orphan: Element, parent: Element) -> None:
    """Make a part that lacks its whole something that may stand alone, unless the parent will complete it."""
    if parent.tag in {"table", *_ROW_GROUPS, "tr"} and orphan.tag in {"td", "th", "col", "tr"}:
        return
    orphan.tag = "span" if orphan.tag in {"rt", "rp"} else "div"


def _list(element: Element) -> list[Node]:
    element.children = _wrapped(element.children, {"li"}, "li")
    if element.tag == "ul":
        for child in element.children:
            if isinstance(child, Element):
                child.attrs.pop("value", None)
    return [element] if element.children else []


def _definitions(element: Element) -> list[Node]:
    children = _wrapped(element.children, {"dt", "dd", "div"}, "dd")
    parts = [_part_of_definitions(child) for child in children if isinstance(child, Element)]
    if not parts:
        return []
    if parts[0].tag == "dd":
        parts.insert(0, Element("dt"))
    if parts[-1].tag == "dt":
        parts.append(Element("dd"))
    element.children = _with_all_parts(parts)
    return [element]


def _part_of_definitions(part: Element) -> Element:
    """Return a term, a description or a complete group of them; any other `<div>` goes into a description."""
    if part.tag != "div" or _is_group(part):
        return part
    for child in part.children:
        if isinstance(child, Element) and child.tag in {"dt", "dd"}:
            child.tag = "div"
    return Element("dd", children=[part])


def _with_all_parts(parts: list[Element]) -> list[Node]:
    """Complete the terms and descriptions around groups, which are complete in themselves."""
    out: list[Node] = []
    before = "div"
    for part in parts:
        if part.tag == "dd" and before == "div":
            out.append(Element("dt"))
        elif part.tag == "div" and before == "dt":
            out.append(Element("dd"))
        out.append(part)
        before = part.tag
    return out


def _is_group(element: Element) -> bool:
    parts = [child for child in element.children if not is_blank(child)]
    tags = [part.tag for part in parts if isinstance(part, Element)]
    return len(tags) == len(parts) and set(tags) == {"dt", "dd"} and tags[0] == "dt" and tags[-1] == "dd"


def _wrapped(children: list[Node], tags: set[str], wrapper: str) -> list[Node]:
    """Put what may not stand directly in an element into wrappers."""
    out: list[Node] = []
    run: Element | None = None
    for child in children:
        if isinstance(child, Element) and child.tag in tags:
            out.append(child)
            run = None
        elif is_blank(child):
            (run.children if run else out).append(child)
        else:
            if run is None:
                run = Element(wrapper)
                out.append(run)
            run.children.append(child)
    return out if any(isinstance(child, Element) for child in out) else []


def _table(table: Element) -> list[Node]:
    """Order a table's parts, pad its rows to one width, and put what is no part of it before it."""
    before: list[Node] = []
    parts: dict[str, list[Element]] = {"caption": [], "colgroup": [], "thead": [], "tbody": [], "tfoot": []}
    for child in table.children:
        if isinstance(child, Element) and child.tag in parts:
            parts[child.tag].append(child)
        elif isinstance(child, Element) and child.tag in {"tr", "td", "th"}:
            _loose_rows(parts["tbody"]).children.append(child)
        elif isinstance(child, Element) and child.tag == "col":
            parts["colgroup"].append(Element("colgroup", children=[child]))
        elif not is_blank(child):
            before.append(child)
    groups = [group for name in _ROW_GROUPS for group in parts[name]]
    for group in groups:
        before += _row_group(group)
    groups = [group for group in groups if group.children]
    if not groups:
        return before
    _even_out(groups)
    table.children = [*parts["caption"][:1], *parts["colgroup"], *_in_order(groups)]
    return [*before, table]


def _loose_rows(bodies: list[Element]) -> Element:
    if not bodies or bodies[-1].attrs.get("class") != "loose":
        bodies.append(Element("tbody", {"class": "loose"}))
    return bodies[-1]


def _in_order(groups: list[Element]) -> list[Node]:
    """Keep one head and one foot; further ones are bodies."""
    seen: set[str] = set()
    for group in groups:
        if group.attrs.get("class") == "loose":
            del group.attrs["class"]
        if group.tag != "tbody" and group.tag in seen:
            group.tag = "tbody"
        seen.add(group.tag)
    return [group for name in _ROW_GROUPS for group in groups if group.tag == name]


def _row_group(group: Element) -> list[Node]:
    """Leave only rows with cells in a group; return what was no row."""
    strays: list[Node] = []
    rows: list[Node] = []
    for child in group.children:
        if isinstance(child, Element) and child.tag == "tr":
            rows.append(child)
        elif isinstance(child, Element) and child.tag in {"td", "th"}:
            if not (rows and isinstance(rows[-1], Element) and rows[-1].attrs.get("class") == "loose"):
                rows.append(Element("tr", {"class": "loose"}))
            last = rows[-1]
            if isinstance(last, Element):
                last.children.append(child)
        elif not is_blank(child):
            strays.append(child)
    for row in rows:
        if isinstance(row, Element):
            if row.attrs.get("class") == "loose":
                del row.attrs["class"]
            row.children = _wrapped(row.children, {"td", "th"}, "td")
    group.children = [row for row in rows if isinstance(row, Element) and row.children]
    return strays


def _even_out(groups: list[Element]) -> None:
    """Clip spans that leave their group and pad short rows, so that every row has as many columns."""
    widths: list[tuple[Element, int]] = []
    for group in groups:
        rows = [row for row in group.children if isinstance(row, Element)]
        reaching: list[int] = []
        for index, row in enumerate(rows):
            carried = sum(1 for rest in reaching if rest > 0)
            reaching = [rest - 1 for rest in reaching if rest > 1]
            width = carried
            for cell in row.children:
                if not isinstance(cell, Element):
                    continue
                columns = int(cell.attrs.get("colspan", "1"))
                down = min(int(cell.attrs.get("rowspan", "1")), len(rows) - index)
                if "rowspan" in cell.attrs:
                    cell.attrs["rowspan"] = str(down)
                width += columns
                reaching += [down - 1] * columns if down > 1 else []
            widths.append((row, width))
    widest = max(width for _, width in widths)
    missing = sum(widest - width for _, width in widths)
    if missing <= _MAX_ADDED_CELLS:
        for row, width in widths:
            row.children += [Element("td") for _ in range(widest - width)]


def _details(details: Element) -> list[Node]:
    summaries = [child for child in details.children if isinstance(child, Element) and child.tag == "summary"]
    for extra in summaries[1:]:
        extra.tag = "div"
    summary = summaries[0] if summaries else Element("summary", children=["Details"])
    details.children = [summary, *(child for child in details.children if child is not summary)]
    return [details]


def _figure(figure: Element) -> list[Node]:
    parts = [child for child in figure.children if not is_blank(child)]
    captions = [part for part in parts if isinstance(part, Element) and part.tag == "figcaption"]
    kept = next((caption for caption in captions if caption is parts[0] or caption is parts[-1]), None)
    for caption in captions:
        if caption is not kept:
            caption.tag = "div"
    return [figure] if parts else []


def _ruby(ruby: Element) -> list[Node]:
    if not any(isinstance(child, Element) and child.tag == "rt" for child in ruby.children):
        ruby.tag = "span"
        for child in ruby.children:
            if isinstance(child, Element) and child.tag == "rp":
                child.tag = "span"
    return [ruby]


def _heading_cell(cell: Element) -> list[Node]:
    """Take headings and sections out of what is itself a heading."""
    for element in walk(cell):
        if element.tag in _SECTIONS:
            element.tag = "p" if element.tag in HEADINGS else "div"
            element.own = {}
    return [cell]


_COMPLETERS: dict[str, Callable[[Element], list[Node]]] = {
    "details": _details,
    "dl": _definitions,
    "dt": _heading_cell,
    "figure": _figure,
    "ol": _list,
    "ruby": _ruby,
    "table": _table,
    "th": _heading_cell,
    "ul": _list,
}
