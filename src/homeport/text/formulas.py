"""MathML written by hand in a post: only what belongs in a formula stays in it."""

from homeport.text.tags import MATHML, names
from homeport.text.tree import Element, Node, text_of

_TOKENS = names("annotation mi mn mo ms mtext")
PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
_WITHIN = {"mtr": "mtable", "mtd": "mtr", "annotation": "semantics", "mprescripts": "mmultiscripts"}


def settle_formula(formula: Element) -> None:
    """Take out of a formula what is no part of one, and make groups of the parts that lack another."""
    formula.children = _settled(formula)


def _settled(element: Element) -> list[Node]:
    if element.tag in _TOKENS:
        return [text_of(element.children)]
    settled: list[Node] = []
    for child in element.children:
        if isinstance(child, Element) and child.tag in MATHML and child.tag != "math":
            _settle_part(child, element)
            settled.append(child)
        elif isinstance(child, Element):
            settled.extend(_settled(Element("mrow", children=child.children)))
    return settled


def _settle_part(part: Element, parent: Element) -> None:
    part.children = _settled(part)
    is_misplaced = _WITHIN.get(part.tag, parent.tag) != parent.tag
    is_incomplete = PARTS.get(part.tag, len(part.children)) != len(part.children)
    if is_misplaced or is_incomplete or (part.tag == "mmultiscripts" and not part.children):
        part.tag, part.attrs = ("mtext" if part.tag in _TOKENS else "mrow"), {}
    if part.tag == "mtable":
        part.children = [child for child in part.children if isinstance(child, Element) and child.tag == "mtr"]
    elif part.tag == "mtr":
        part.children = [child for child in part.children if isinstance(child, Element) and child.tag == "mtd"]
