"""TeX to MathML, with a formula that can't be converted shown as its source.

Some TeX commands name HTML attributes and their values (href, style, class): only how a formula looks is kept.
"""

import re
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple
from xml.etree.ElementTree import Element

from homeport.text.formulas import PARTS
from homeport.text.policy import MATHML_ATTRIBUTES
from homeport.text.tags import names

# Beyond these the converter's recursion and rescanning cost more than any formula is worth.
_MAX_LENGTH = 4000
_MAX_DEPTH = 24

_DEPTH = re.compile(r"(?<!\\)[{}]|\\(?:left|right|begin|end)(?![a-zA-Z])")
_MACRO = re.compile(r"\\(?:def|newcommand|renewcommand|let|gdef|edef)(?![a-zA-Z])")

_PRESENTATIONAL = MATHML_ATTRIBUTES | names("accent accentunder linebreak mathbackground mathcolor notation")


class Formula(NamedTuple):
    """A formula as markup, and the names of the attributes that were left out of it."""

    markup: str
    dropped: tuple[str, ...] = ()


def formula(source: str, *, is_block: bool) -> Formula:
    """Return a formula as MathML, or its source as code when it is broken."""
    source = source.strip()
    return _converted(source, is_block=is_block) if len(source) <= _MAX_LENGTH else _broken(source)


@lru_cache(maxsize=512)
def _converted(source: str, *, is_block: bool) -> Formula:
    if _depth(source) <= _MAX_DEPTH and not _MACRO.search(source):
        # Most texts have no formula, and every process that renders one would pay for the import.
        from latex2mathml.converter import Converter  # noqa: PLC0415

        try:
            root = Converter(display="block" if is_block else "inline").convert_to_element(source)
        # The converter raises whatever its parsing runs into: KeyError, IndexError, RecursionError, its own dozen.
        except Exception:  # noqa: BLE001
            return _broken(source)
        del root.attrib["xmlns"]
        if not is_block:
            del root.attrib["display"]
        if len(root) == 1 and len(root[0]) and _is_complete(root):
            return Formula(_markup(root), _foreign(root))
    return _broken(source)


def _depth(source: str) -> int:
    depth = deepest = 0
    for match in _DEPTH.finditer(source):
        depth += 1 if match.group() in {"{", "\\left", "\\begin"} else -1
        deepest = max(deepest, depth)
    return deepest


def _broken(source: str) -> Formula:
    return Formula(f'<code class="math-error">{escape(source, quote=False)}</code>')


def _is_complete(root: Element) -> bool:
    return all(len(element) == PARTS.get(element.tag, len(element)) for element in root.iter())


def _foreign(root: Element) -> tuple[str, ...]:
    return tuple(sorted({name for element in root.iter() for name in element.attrib} - _PRESENTATIONAL))


def _markup(element: Element) -> str:
    # The converter's own writer unescapes what it wrote; a `\text{<script>}` would come out alive.
    attributes = "".join(
        f' {name}="{escape(unescape(value))}"' for name, value in element.attrib.items() if name in _PRESENTATIONAL
    )
    text = escape(unescape(element.text or ""), quote=False)
    children = "".join(_markup(child) for child in element)
    return f"<{element.tag}{attributes}>{text}{children}</{element.tag}>"
