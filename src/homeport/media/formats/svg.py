"""Write an SVG anew from what is known to be harmless: no program, no form, nothing loaded from elsewhere.

Only elements that are listed here come through; editors' notes, comments and metadata go.
"""

import re
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from homeport.media.formats import BrokenFormatError

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XHTML = "http://www.w3.org/1999/xhtml"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {"": "", XLINK: "xlink:", XML: "xml:"}

SHAPES = "svg g defs symbol use switch title desc path rect circle ellipse line polyline polygon image"
OTHERS = "a view style foreignObject"
TEXT = "text tspan textPath tref font font-face font-face-src font-face-name glyph missing-glyph hkern vkern"
PAINT = "marker linearGradient radialGradient stop pattern clipPath mask filter"
EFFECTS = (
    "feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap "
    "feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode "
    "feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence"
)
# Diagram editors set their labels as paragraphs inside foreignObject; a bare <text> beside it is cut off.
LABEL_TAGS = "div span p br b i u s em strong small sub sup code pre ul ol li font table tbody tr td th"
LABELS = frozenset(LABEL_TAGS.split())
LABEL_ATTRIBUTES = frozenset({"style", "class", "dir", "lang", "color", "align"})
MOTION = "animate animateMotion animateTransform set mpath"
ELEMENTS = frozenset(f"{SHAPES} {OTHERS} {TEXT} {PAINT} {EFFECTS} {MOTION}".split())
DESCRIPTIONS = frozenset({"metadata"})
PROGRAM_ELEMENTS = frozenset({"script", "handler", "listener"})
PROGRAM_SCHEMES = ("javascript:", "vbscript:")
PICTURE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif)[;,]", re.IGNORECASE)
WEB_LINK = re.compile(r"(?:https?:|mailto:|#|/|\./|[\w.-]+(?:[/?#]|$))", re.IGNORECASE)
CSS_LOAD = re.compile(
    r"@import[^;]*;?|url\(\s*(?!['\"]?\s*(?:#|data:(?:image|font|application/(?:x-)?font)))[^)]*\)", re.IGNORECASE
)
INVISIBLE = re.compile(r"[\x00-\x20]+")
LENGTH = re.compile(r"\s*\+?(\d+(?:\.\d*)?|\.\d+)\s*(px|pt|pc|mm|cm|in|em|ex|rem|)\s*$", re.IGNORECASE)
UNIT_PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "em": 16, "rem": 16}
ENTITY_CHARACTERS = 2_000
GROWTH = 4


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """An SVG that only draws; `programs` and `losses` say what it had besides."""

    data: bytes
    width: int | None
    height: int | None
    programs: tuple[str, ...]
    losses: tuple[str, ...]


def clean(data: bytes) -> CleanPicture:
    """Return the SVG rewritten; raises BrokenFormatError when it is not well-formed or grows without bound."""
    writer = _Writer(limit=len(data) * GROWTH + 65536)
    try:
        writer.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BrokenFormatError(f"line {error.lineno} has this fault: {expat.ErrorString(error.code)}") from error
    width, height = _size(writer.root)
    return CleanPicture(
        "".join(writer.parts).encode(), width, height, tuple(sorted(writer.programs)), tuple(sorted(writer.losses))
    )


class _Writer:
    """Follows the parser and writes down what may stay."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.written = 0
        self.parts: list[str] = []
        self.spaces: list[str] = []
        self.root: dict[str, str] = {}
        self.programs: set[str] = set()
        self.losses: set[str] = set()
        self.depth_left_out = 0
        self.style: list[str] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if name in PROGRAM_ELEMENTS:
            self.programs.add(f"<{name}>")
        if self.depth_left_out or not self._is_kept(space, name, attributes):
            self.depth_left_out += 1
            return
        if not self.parts and name != "svg":
            raise BrokenFormatError("its first element is not <svg>")
        kept = self._attributes(space, name, attributes)
        if not self.parts:
            self.root = kept
            kept = {"xmlns:xlink": XLINK} | kept
        self._write_tag(space or SVG, name, kept)
        if name == "style":
            self.style = []

    def _write_tag(self, space: str, name: str, attributes: dict[str, str]) -> None:
        """Write names without prefixes, and say which language they are of only where that changes."""
        if not self.spaces or self.spaces[-1] != space:
            attributes = {"xmlns": space} | attributes
        self.spaces.append(space)
        self._write(f"<{name}" + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items()) + ">")

    def _close(self, tag: str) -> None:
        if self.depth_left_out:
            self.depth_left_out -= 1
            return
        if self.style is not None:
            self._write(escape(self._css("".join(self.style))))
            self.style = None
        self.spaces.pop()
        self._write(f"</{tag.rpartition(' ')[2]}>")

    def _text(self, text: str) -> None:
        if self.depth_left_out:
            return
        if self.style is not None:
            self.style.append(text)
        else:
            self._write(escape(text))

    def _entity(self, name: str, is_parameter: bool, value: str | None, *_where: object) -> None:  # noqa: FBT001 - expat's own signature
        """Allow the short names that drawing programs define, and nothing that grows or reads files."""
        if is_parameter or value is None or "&" in value or "%" in value or len(value) > ENTITY_CHARACTERS:
            raise BrokenFormatError(f"it defines the entity {name!r}, which is not allowed")

    def _is_kept(self, space: str, name: str, attributes: dict[str, str]) -> bool:
        if space not in (SVG, XHTML, "") or name in DESCRIPTIONS:
            return False
        if name not in (LABELS if space == XHTML else ELEMENTS):
            if name not in PROGRAM_ELEMENTS:
                self.losses.add(f"<{name}>")
            return False
        changed = attributes.get("attributeName", "").rpartition(":")[2].lower()
        if changed == "href" or changed.startswith("on"):
            self.programs.add(f"<{name} attributeName={changed}>")
            return False
        return True

    def _attributes(self, language: str, element: str, attributes: dict[str, str]) -> dict[str, str]:
        kept = {}
        for key, value in attributes.items():
            space, _, name = key.rpartition(" ")
            if name.lower().startswith("on"):
                self.programs.add(f"{name}=")
            elif language == XHTML and name not in LABEL_ATTRIBUTES:
                continue
            elif space in PREFIXES and (name != "href" or self._is_harmless_target(element, value)):
                kept[PREFIXES[space] + name] = self._css(value)
        return kept

    def _is_harmless_target(self, element: str, target: str) -> bool:
        bare = INVISIBLE.sub("", target)
        if bare.startswith("#") or (element in ("image", "feImage") and PICTURE_DATA.match(bare)):
            return True
        if (
            element == "a"
            and WEB_LINK.match(bare)
            and not bare.lower().startswith(("javascript:", "data:", "vbscript:"))
        ):
            return True
        if bare.lower().startswith(("javascript:", "vbscript:")):
            self.programs.add("javascript:")
        else:
            self.losses.add(f"<{element}> from elsewhere")
        return False

    def _css(self, text: str) -> str:
        found = CSS_LOAD.search(text)
        if not found:
            return text
        self.losses.add("a style that loads from elsewhere")
        return CSS_LOAD.sub("none", text)

    def _write(self, text: str) -> None:
        self.written += len(text)
        if self.written > self.limit:
            raise BrokenFormatError("it grows without bound when it is read")
        self.parts.append(text)


def _size(root: dict[str, str]) -> tuple[int | None, int | None]:
    """Work out the size as a browser does: the attributes, else the view box, else one from the other's ratio."""
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    box = _view_box(root.get("viewBox", ""))
    if box and not width and not height:
        width, height = box
    elif box and not height and width:
        height = width * box[1] / box[0]
    elif box and not width and height:
        width = height * box[0] / box[1]
    if not width or not height:
        return None, None
    return max(1, round(width)), max(1, round(height))


def _pixels(text: str) -> float:
    found = LENGTH.match(text)
    return float(found[1]) * UNIT_PIXELS.get(found[2].lower(), 8) if found else 0


def _view_box(text: str) -> tuple[float, float] | None:
    try:
        _left, _top, width, height = (float(part) for part in text.replace(",", " ").split())
    except ValueError:
        return None
    return (width, height) if 0 < width < 1e6 and 0 < height < 1e6 else None
