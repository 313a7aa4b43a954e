"""Heading levels, ids and the table of contents."""

from collections.abc import Iterator
from urllib.parse import unquote

from homeport.text.rendered import Heading
from homeport.text.slugs import anchor_of
from homeport.text.tags import HEADINGS, names
from homeport.text.tree import Element, text_of, walk

# Names the pages around a post use for themselves.
RESERVED_IDS = names(
    "archive comments content footer header home main menu nav navigation page search sidebar site skip tags toc top"
)
_RESERVED_PREFIXES = ("fn-", "fnref-", "homeport-")

# Headings in these belong to them, not to the post.
_APART = frozenset({"aside", "blockquote", "dl", "figure", "li", "section", "table"})


def settle_headings(root: Element) -> tuple[Heading, ...]:
    """Shift headings below the page's title, give everything one id of its own, and return the table of contents."""
    elements = list(walk(root))
    headings = [element for element in elements if element.tag in HEADINGS]
    _settle_levels(headings)
    _follow(elements, _settle_ids(elements, headings), headings)
    outline = tuple(
        Heading(int(heading.tag[1]), heading.attrs["id"], " ".join(text_of(heading.children).split()))
        for heading in _of_the_post(root)
    )
    for heading in headings:
        _add_anchor(heading)
    return outline


def _settle_levels(headings: list[Element]) -> None:
    """Begin below the page's title and skip no level, keeping what is below what."""
    above: list[int] = []
    for heading in headings:
        written = int(heading.tag[1])
        while above and above[-1] >= written:
            above.pop()
        above.append(written)
        heading.tag = f"h{min(len(above) + 1, 6)}"


def _settle_ids(elements: list[Element], headings: list[Element]) -> dict[str, str]:
    """Give ids, explicit ones first; return the names that had to change."""
    taken: set[str] = set()
    moved: dict[str, str] = {}
    for element in elements:
        written = element.attrs.get("id")
        if written is None:
            continue
        if written in taken or written in moved:
            del element.attrs["id"]
            continue
        element.attrs["id"] = _free(written, taken)
        if element.attrs["id"] != written:
            moved[written] = element.attrs["id"]
    counts: dict[str, int] = {}
    for heading in headings:
        if "id" not in heading.attrs:
            wanted = anchor_of(text_of(heading.children)) or "section"
            heading.attrs["id"] = _free(wanted, taken, counts)
            if heading.attrs["id"] != wanted and wanted not in taken:
                moved.setdefault(wanted, heading.attrs["id"])
    return moved


def _free(wanted: str, taken: set[str], counts: dict[str, int] | None = None) -> str:
    counts = {} if counts is None else counts
    name = f"section-{wanted}" if wanted in RESERVED_IDS or wanted.startswith(_RESERVED_PREFIXES) else wanted
    free = name
    while free in taken:
        counts[name] = counts.get(name, 0) + 1
        free = f"{name}-{counts[name]}"
    taken.add(free)
    return free


def _follow(elements: list[Element], moved: dict[str, str], headings: list[Element]) -> None:
    """Lead links within the post to the names things got, also those in another site builder's spelling."""
    ids = {name for element in elements if (name := element.attrs.get("id") or element.own.get("id"))}
    names = {heading.attrs["id"] for heading in headings}
    for element in elements:
        target = element.attrs.get("href", "")
        if element.tag != "a" or element.own or len(target) < 2 or not target.startswith("#"):
            continue
        name = unquote(target[1:])
        found = moved.get(name, name)
        if found not in ids and (respelt := _respelt(name, names)):
            found = respelt
        if found != name:
            element.attrs["href"] = f"#{found}"


def _respelt(name: str, names: set[str]) -> str:
    """Find the heading a link means: the same words, or the same beginning where emoji were spelt out."""
    slug = anchor_of(name)
    while slug and slug not in names:
        slug = slug.rpartition("-")[0]
    return slug


def _of_the_post(element: Element) -> Iterator[Element]:
    for child in element.children:
        if isinstance(child, Element):
            if child.tag in HEADINGS:
                yield child
            elif child.tag not in _APART or (child.tag == "section" and not child.own):
                yield from _of_the_post(child)


def _add_anchor(heading: Element) -> None:
    link = Element("a", {"class": "anchor", "href": f"#{heading.attrs['id']}"}, ["#"])
    link.own = {"aria-label": "Link to this section"}
    heading.children += [" ", link]
