"""Reads what other site builders put into Markdown: the tags of Hugo, Jekyll and Zola, one at a time.

Every pattern is bounded, so that a text of nothing but opening braces is read in linear time.
"""

import re
from html import unescape

_QUOTED = r"""(?:"[^"\n]{1,400}"|'[^'\n]{1,400}'|`[^`\n]{1,400}`)"""

TEMPLATE = re.compile(
    r"\{\{<(?!\s{0,9}/\*).{0,600}?>\}\}|\{\{%(?!\s{0,9}/\*).{0,600}?%\}\}|\{%.{0,600}?%\}|\{\{(?![<%])[^{}\n]{1,600}\}\}",
    re.DOTALL,
)
"""Anything between the braces of a template, for places where nothing else is meant by them."""

KNOWN = re.compile(
    r"""\{\{<\s{0,9}(?P<hugo>/?\s{0,9}[A-Za-z][\w./-]{0,80})(?=[\s>/]).{0,600}?>\}\}
    |\{\{%\s{0,9}(?P<markdown>/?\s{0,9}[A-Za-z][\w./-]{0,80})(?=[\s%/]).{0,600}?%\}\}
    |\{%[-+]?\s{0,9}(?P<tag>[A-Za-z]\w{0,80})(?!\w).{0,600}?%\}
    |\{\{-?\s{0,9}(?P<call>[A-Za-z_][\w:.]{0,80})\([^\n]{0,600}?\)\s{0,9}-?\}\}
    |\{\{-?\s{0,9}(?P<value>(?:site|page)\.[\w.-]{1,80})[^{}\n]{0,400}\}\}
    |\{\{-?\s{0,9}(?P<filter>[^{}|\n]{1,200}?)\s{0,9}\|\s{0,9}[A-Za-z_]\w{0,80}[^{}\n]{0,400}\}\}""",
    re.DOTALL | re.VERBOSE,
)
"""What is a tag of a site builder even in the middle of a sentence."""

_BRACES = re.compile(r"(\{\{[<%]?|\{%)(.*?)([>%]?\}\}|%\})")

RAW = re.compile(r"\{%-?\s{0,9}(?P<end>end)?raw\s{0,9}-?%\}")

_FIGURE = re.compile(r"\{\{(?:<\s{0,9}figure\s(?P<a>.{0,2000}?)>|%\s{0,9}figure\s(?P<b>.{0,2000}?)%)\}\}", re.DOTALL)
_ARGUMENT = re.compile(rf"""([A-Za-z]\w*+)\s*+=\s*+({_QUOTED}|[^\s"'`]++)""")

_PREFIX = re.compile(
    r"\{\{-?\s{0,9}(?:site\.(?:baseurl|url)|SITEURL|config\.base_url)\s{0,9}(?:\|[^{}]{0,200})?\}\}", re.IGNORECASE
)
_LITERAL = re.compile(rf"\{{\{{-?\s{{0,9}}({_QUOTED})\s{{0,9}}(?:\|[^{{}}\n]{{0,200}})?\}}\}}")
_GET_URL = re.compile(
    rf"\{{\{{-?\s{{0,9}}get_url\(\s{{0,9}}path\s{{0,9}}=\s{{0,9}}({_QUOTED})[^{{}}\n]{{0,200}}\)\s{{0,9}}-?\}}\}}"
)
_REF = re.compile(
    rf"\{{\{{[<%]\s*(?:ref|relref)\s+(?:path\s*=\s*)?(?P<ref>{_QUOTED}|[^\"'\s>%]{{1,400}})[^{{}}\n]{{0,200}}[>%]\}}\}}"
    r"|\{%-?\s*link\s+(?P<link>[^%\n]{1,400}?)\s*-?%\}|\{%-?\s*post_url\s+(?P<post>[^%\n]{1,400}?)\s*-?%\}"
)


_IN_HTML = re.compile(
    rf"""(?<==["'])(?:{TEMPLATE.pattern}){{1,9}}|\{{\{{[<%](?!\s*/\*).{{0,600}}?[>%]\}}\}}""", re.DOTALL
)
_ENTITIES = str.maketrans({'"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;"})


def find_figure(source: str, start: int = 0) -> tuple[dict[str, str], int] | None:
    """Read Hugo's figure at a position: its arguments and where it ends, if it names a picture."""
    match = _FIGURE.match(source, start)
    if match is None:
        return None
    written = match["a"] or match["b"]
    arguments = {name.lower(): unescape(_unquoted(value)) for name, value in _ARGUMENT.findall(written)}
    return (arguments, match.end()) if arguments.get("src") else None


def short_name(tag: str) -> str:
    """Return how a known tag is named to its author: without its arguments."""
    match = KNOWN.match(tag)
    name = next(filter(None, match.groups())) if match else ""
    written = " ".join(tag.split())
    ends = _BRACES.fullmatch(written)
    if ends is None:
        return written[:80]
    return f"{ends[1]} {name}{'' if ends[2].strip(' -') == name else ' …'} {ends[3]}"


def guard_values(html: str) -> str:
    """Write the quotation marks and brackets of templates in raw HTML so that they end no attribute and no tag."""
    if "{" not in html:
        return html
    return _IN_HTML.sub(lambda match: match[0].translate(_ENTITIES), html)


def is_closing(tag: str) -> bool:
    """Tell whether a known tag only ends what another one began."""
    match = KNOWN.match(tag)
    name = (match["hugo"] or match["markdown"] or match["tag"] or "") if match else ""
    return name.startswith(("/", "end"))


def plain_target(written: str) -> str:
    """Return a target without what a site builder would have put before it; a name of a text stays in its tag."""
    if "{" not in written:
        return written
    for pattern in (_GET_URL, _LITERAL):
        written = pattern.sub(lambda match: _unquoted(match[1]), written)
    return _PREFIX.sub("", written).strip()


def named_text(target: str) -> str | None:
    """Return the text that a plain target names by a tag, as a file or without its ending; None for an address."""
    match = _REF.match(target)
    if match is None or target[match.end() :][:1] not in {"", "#", "?"}:
        return None
    return _unquoted(next(filter(None, match.groups())))


def fragment_of(target: str) -> str:
    """Return the fragment of a target as it was written, with its mark."""
    if "{" not in target:
        _, mark, fragment = target.partition("#")
        return mark + fragment
    _, mark, fragment = target.rpartition("#")
    end = re.match(r"[^\s\"'`{}<>|]*", fragment) if mark else None
    return mark + end[0] if end else ""


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in {'"', "'", "`"} and value[-1:] == value[:1] and len(value) > 1 else value
