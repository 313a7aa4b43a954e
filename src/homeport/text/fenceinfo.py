"""Reads the info string of a code block in the dialects of the site builders people come from."""

import re
from dataclasses import dataclass, field

_LANGUAGE = re.compile(r"[^\s,{:\[]+")
_OPTION = re.compile(
    r"""(?P<key>[\w-]++)\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|\[(?P<list>[^\]]*+)\]|\{(?P<group>[^}]*+)\}|(?P<bare>[^\s,}]++))
    |\{(?P<ranges>[\d\s,-]++)\}|[.]?(?P<word>[\w+#-]++)""",
    re.VERBOSE,
)
_RANGE = re.compile(r"(\d{1,6})(?:\s*[-.]+\s*(\d{1,6}))?")

_NAMES = frozenset({"name", "title", "filename", "file", "caption", "path"})
_NUMBERS = frozenset({"linenos", "linenumbers", "showlinenumbers", "numberlines", "numbers", "line-numbers"})
_STARTS = frozenset({"linenostart", "startfrom", "startline", "start", "linenumberstart"})
_MARKS = frozenset({"hl_lines", "hl-lines", "highlight", "emphasize-lines", "mark", "hl"})
_NO = frozenset({"false", "no", "off", "none", "0"})

# A mark like 1-999999 costs the reader nothing, so it shall cost us nothing.
_LAST_LINE = 20_000


@dataclass
class FenceInfo:
    """How a code block asks to be shown."""

    language: str = ""
    file_name: str = ""
    is_numbered: bool = False
    first_number: int = 1
    highlighted: frozenset[int] = field(default_factory=frozenset)
    is_diff: bool = False


def read_fence_info(info: str) -> FenceInfo:
    """Read an info string; what it says that no dialect knows is left aside."""
    info = info.strip()[:500]
    match = _LANGUAGE.match(info)
    word = match.group() if match and "=" not in match.group() else ""
    fence = FenceInfo(language=word.lower())
    rest = info[len(word) :]
    if rest.startswith(":") and not rest.startswith("::"):
        fence.file_name, _, rest = rest[1:].partition(" ")
    if rest.startswith(",") and "{" not in rest:
        _read_list(fence, rest)
    else:
        _read_options(fence, rest)
    _read_diff(fence)
    return fence


def _read_list(fence: FenceInfo, rest: str) -> None:
    """Read Zola's options, whose values may hold blanks and end at a comma."""
    for part in rest.split(","):
        key, equals, value = part.partition("=")
        if equals:
            _set(fence, key.strip().lower(), value.strip())
        elif key.strip():
            _set_word(fence, key.strip().lower())


def _read_options(fence: FenceInfo, rest: str) -> None:
    for match in _OPTION.finditer(_without_braces(rest)):
        if match.group("key"):
            value = next(match.group(name) for name in _VALUES if match.group(name) is not None)
            _set(fence, match.group("key").lower(), value.strip())
        elif match.group("ranges"):
            fence.highlighted |= _lines(match.group("ranges"))
        elif word := match.group("word"):
            _set_word(fence, word.lower())


_VALUES = ("double", "single", "list", "group", "bare")


def _without_braces(rest: str) -> str:
    """Take off the braces around options, leaving those around line numbers."""
    return re.sub(r"\{(?=\s*[^\d\s}][^{}]*=|\s*[.#])([^{}]*)\}", r" \1 ", rest)


def _set(fence: FenceInfo, key: str, value: str) -> None:
    if key in _NAMES:
        fence.file_name = value
    elif key in _NUMBERS:
        fence.is_numbered = value.lower() not in _NO
        if value.isdecimal() and len(value) < 7 and value != "0":
            fence.first_number = int(value)
    elif key in _STARTS and value.isdecimal() and len(value) < 7:
        fence.first_number = int(value)
        fence.is_numbered = True
    elif key in _MARKS:
        fence.highlighted |= _lines(value)
    elif key in {"lang", "language"}:
        fence.language = value.lower()


def _set_word(fence: FenceInfo, word: str) -> None:
    if word in _NUMBERS:
        fence.is_numbered = True
    elif word == "diff":
        fence.is_diff = True
    elif not fence.language or fence.language == "diff":
        fence.is_diff = fence.language == "diff"
        fence.language = word


def _read_diff(fence: FenceInfo) -> None:
    if fence.language.startswith("diff-"):
        fence.language = fence.language[5:]
        fence.is_diff = True
    elif fence.language in {"diff", "patch"}:
        fence.language = ""
        fence.is_diff = True


def _lines(text: str) -> frozenset[int]:
    lines: set[int] = set()
    for match in _RANGE.finditer(text):
        first = int(match.group(1))
        last = min(int(match.group(2) or first), _LAST_LINE)
        lines.update(range(first, last + 1))
    return frozenset(lines)
