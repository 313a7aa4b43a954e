"""Takes a title off the top of a text: the page shows it already."""

from homeport.text.tree import Element, is_apparatus, is_blank, text_of, walk

_ALIKE = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "..."}
    | dict.fromkeys("`*_\\")
)


def take_title(root: Element, title: str) -> None:
    """Take off the first block when it is a heading of the first level that says what the title says."""
    for index, node in enumerate(root.children):
        if is_blank(node):
            continue
        if isinstance(node, Element) and _says(node, title):
            del root.children[index]
        return


def _says(element: Element, title: str) -> bool:
    if element.tag != "h1" or element.is_raw or not title:
        return False
    # A picture or the mark of a footnote is more than the title.
    if any(part.tag == "img" or is_apparatus(part) for part in walk(element)):
        return False
    return _plain(text_of(element.children)) == _plain(title)


def _plain(text: str) -> str:
    """Return a text as far as it matters: typography and marks of emphasis do not."""
    words = text.translate(_ALIKE).replace("---", "-").replace("--", "-")
    return " ".join(words.casefold().split())
