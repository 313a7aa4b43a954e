"""What raw HTML may say: which tags and attributes are taken over, changed, or left out and reported."""

import re
from collections.abc import Callable

from homeport.text.rendered import Rendering
from homeport.text.tags import MATHML, names
from homeport.text.tree import Element
from homeport.text.urls import is_safe, scheme_of, web_address

ALLOWED = MATHML | names(
    "a abbr aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del details dfn div dl dt em "
    "figcaption figure h1 h2 h3 h4 h5 h6 hr i iframe img ins kbd li mark meter ol p picture pre progress q rp rt ruby "
    "s samp section small source span strong sub summary sup table tbody td tfoot th thead time tr "
    "u ul var video wbr"
)

# Obsolete elements and page landmarks (a post stands inside a page that has its own) become plain ones.
RENAMED = {
    "acronym": "abbr", "address": "div", "article": "div", "center": "div", "dir": "ul", "fieldset": "div",
    "footer": "div", "header": "div", "hgroup": "div", "listing": "pre", "main": "div", "menu": "ul", "nav": "div",
    "search": "div", "strike": "s", "tt": "code",
}  # fmt: skip

UNWRAPPED = names("big blink body font form html label legend marquee nobr noscript object canvas map")

# Elements that mean nothing without what the sanitiser takes from them: dropped with their content.
DROPPED_WHOLE = names(
    "applet frameset head math-field noembed noframes script select style svg template textarea title xmp"
)

# What the style sheet draws the page around a post with: a post that wore these would pose as a part of that page,
# or have parts that nobody sees.
CHROME_CLASSES = names(
    "after by comment contents conversation count cover day draft-note empty entries entry fault h-feed in-year "
    "leaders long meta more name neighbours newest notice p-summary pager plain portrait prose related replies site "
    "skip subtitle tagline tags top trap unseen year"
)

_ALIGNED = frozenset({"left", "center", "right"})
_TOKENS = re.compile(r"[^\s\"'<>`=]+")
_TEXT_ALIGN = re.compile(r"\s*text-align\s*:\s*(left|center|right)\s*;?\s*", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")
_MOMENT = re.compile(r"\d{4}-[01]\d(-[0-3]\d([T ][0-2]\d:[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?)?)?")
_FORMULA_VALUE = re.compile(r"[\w.%+ -]{1,60}")
_REL = names("author bookmark external help license me next nofollow noopener noreferrer prev tag ugc")


def _whole_number(value: str) -> str | None:
    return value if re.fullmatch(r"\d{1,6}", value) else None


def _integer(value: str) -> str | None:
    return value if re.fullmatch(r"-?\d{1,9}", value) else None


def _span(value: str) -> str | None:
    return value if re.fullmatch(r"[1-9]\d{0,2}", value) else None


def _number(value: str) -> str | None:
    return value if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value) else None


def _text(value: str) -> str | None:
    return value


def _classes(value: str) -> str | None:
    return " ".join(name for name in dict.fromkeys(_TOKENS.findall(value)) if name not in CHROME_CLASSES) or None


def _identifier(value: str) -> str | None:
    return value if re.fullmatch(r"\S{1,200}", value) else None


def _language(value: str) -> str | None:
    return value if _LANGUAGE.fullmatch(value) else None


def _one_of(*words: str) -> Callable[[str], str | None]:
    return lambda value: value.lower() if value.lower() in words else None


def _flag(_value: str) -> str | None:
    return ""


def _rel(value: str) -> str | None:
    return " ".join(word for word in value.lower().split() if word in _REL) or None


def _address(value: str) -> str | None:
    return web_address(value) if is_safe(value) else None


def is_moment(value: str) -> bool:
    """Tell whether a text is a date or time as HTML writes it."""
    return _MOMENT.fullmatch(value) is not None


def _moment(value: str) -> str | None:
    return value if is_moment(value) else None


Check = Callable[[str], str | None]

GLOBAL_ATTRIBUTES: dict[str, Check] = {
    "class": _classes,
    "dir": _one_of("ltr", "rtl", "auto"),
    "id": _identifier,
    "lang": _language,
    "title": _text,
}

_IN_FORMULAS = {name: GLOBAL_ATTRIBUTES[name] for name in ("class", "dir")}

ATTRIBUTES: dict[str, dict[str, Check]] = {
    "a": {"href": _text, "rel": _rel, "hreflang": _language},
    "audio": {"src": _text, "loop": _flag, "muted": _flag},
    "blockquote": {"cite": _address},
    "col": {"span": _span},
    "colgroup": {"span": _span},
    "data": {"value": _text},
    "del": {"cite": _address, "datetime": _moment},
    "details": {"open": _flag, "name": _identifier},
    "iframe": {"src": _text},
    "img": {"src": _text, "alt": _text, "width": _whole_number, "height": _whole_number},
    "ins": {"cite": _address, "datetime": _moment},
    "li": {"value": _integer},
    "meter": dict.fromkeys(("value", "min", "max", "low", "high", "optimum"), _number),
    "ol": {"start": _integer, "reversed": _flag, "type": lambda v: v if v in {"1", "a", "A", "i", "I"} else None},
    "progress": {"value": _number, "max": _number},
    "q": {"cite": _address},
    "source": {"src": _text, "srcset": _text, "media": _text, "type": _text},
    "td": {"colspan": _span, "rowspan": _span},
    "th": {"colspan": _span, "rowspan": _span, "abbr": _text, "scope": _one_of("row", "col", "rowgroup", "colgroup")},
    "time": {"datetime": _moment},
    "video": {"src": _text, "poster": _text, "width": _whole_number, "height": _whole_number}
    | dict.fromkeys(("loop", "muted", "playsinline"), _flag),
}

MATHML_ATTRIBUTES = names(
    "columnalign columnlines columnspacing columnspan depth display displaystyle encoding fence form height largeop "
    "linethickness lspace mathsize mathvariant maxsize minsize movablelimits rowalign rowlines rowspacing rowspan "
    "rspace scriptlevel separator stretchy symmetric voffset width"
)


def admit(tag: str, attrs: dict[str, str], line: int, rendering: Rendering) -> Element | None:
    """Return the element a raw tag becomes, or None when only its content is taken over."""
    if rendering.options.raw_html:
        return Element(tag, attrs)
    name = RENAMED.get(tag, tag)
    if name not in ALLOWED:
        if tag not in UNWRAPPED:
            rendering.drop(line, f"<{tag}> dropped")
        return None
    return Element(name, _clean_attributes(tag, name, attrs, line, rendering))


def is_dropped_whole(tag: str, rendering: Rendering) -> bool:
    """Tell whether an element is left out together with its content."""
    return tag in DROPPED_WHOLE and not rendering.options.raw_html


def _clean_attributes(tag: str, name: str, attrs: dict[str, str], line: int, rendering: Rendering) -> dict[str, str]:
    allowed = _IN_FORMULAS if name in MATHML else GLOBAL_ATTRIBUTES | ATTRIBUTES.get(name, {})
    clean: dict[str, str] = {}
    for attribute, value in attrs.items():
        if name in MATHML and attribute in MATHML_ATTRIBUTES:
            if _FORMULA_VALUE.fullmatch(value) and (attribute != "display" or (name == "math" and value == "block")):
                clean[attribute] = value
        elif attribute in {"href", "src", "cite", "poster"} and not is_safe(value) and not _is_picture(name, value):
            rendering.drop(line, f"{scheme_of(value)}: address on <{tag}> dropped")
        elif check := allowed.get(attribute):
            if (kept := check(value)) is not None:
                clean[attribute] = kept
        else:
            _note(tag, attribute, value, line, rendering)
    if alignment := _alignment(tag, attrs):
        clean["class"] = f"{clean['class']} {alignment}" if "class" in clean else alignment
    if name == "a" and "href" not in clean:
        clean.pop("rel", None)
        clean.pop("hreflang", None)
    if name == "a" and "id" not in clean and (target := _identifier(attrs.get("name", ""))):
        clean["id"] = target
    return clean


def _is_picture(name: str, value: str) -> bool:
    return name in {"img", "source"} and value.strip().lower().startswith("data:image/")


def _note(tag: str, attribute: str, value: str, line: int, rendering: Rendering) -> None:
    if attribute.startswith("on"):
        rendering.drop(line, f"{attribute} on <{tag}> dropped")
    elif attribute == "style" and not _TEXT_ALIGN.fullmatch(value):
        rendering.drop(line, f"style on <{tag}> dropped")
    elif attribute in {"srcdoc", "formaction", "action", "ping"}:
        rendering.drop(line, f"{attribute} on <{tag}> dropped")


def _alignment(tag: str, attrs: dict[str, str]) -> str:
    if tag == "center":
        return "center"
    if match := _TEXT_ALIGN.fullmatch(attrs.get("style", "")):
        return match.group(1).lower()
    value = attrs.get("align", "").strip().lower()
    return value if value in _ALIGNED else ""
