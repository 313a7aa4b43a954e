"""Finds formulas in Markdown: `$x$`, `$$x$$`, and the backslash forms of other site builders.

Dollars are mostly money and shell variables, so the rules are narrow: no space inside the marks, no word or
digit right outside them, and no two plain words in a row between them.
"""

import re
from bisect import bisect_left

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_MAX_INLINE = 1000
_MAX_LINES = 200

_CLOSERS = re.compile(r"(?<![\s\\$])\$(?![\w$])")
_DOLLAR = re.compile(r"(?<!\\)\$")
_DOUBLE = re.compile(r"(?<![\\$])\$\$(?!\$)")
_WORDS = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}[,.;:]?\s+[A-Za-z]{2,}(?![A-Za-z{^_])")
_TEXT_COMMAND = re.compile(r"\\(?:text|math|operatorname|mbox)\w*\{[^{}]*\}")
_PRICE = re.compile(r"\d[\d.,]*\s+[A-Za-z]{2,}")
_TEX = re.compile(r"[\\^_=<>+]")


def maths_plugin(md: MarkdownIt) -> None:
    """Teach a parser formulas."""
    md.inline.ruler.before("escape", "maths_backslash", _backslash_inline)
    md.inline.ruler.before("escape", "maths_dollar", _dollar_inline)
    md.block.ruler.before("fence", "maths_block", _block)


def _dollar_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    source, start = state.src, state.pos
    if source[start] != "$":
        return False
    width = 2 if source.startswith("$$", start) else 1
    before = source[start - 1] if start else " "
    after = source[start + width : start + width + 1]
    if before.isalnum() or before == "$" or after in {"", "$"} or (width == 1 and after.isspace()):
        return False
    end = _next_closer(state, "$" * width, start + width)
    if end < 0 or end + width > state.posMax:
        return False
    content = source[start + width : end]
    if after == " " and not _TEX.search(content):
        return False
    if width == 1 and ("`" in content or _DOLLAR.search(content) or _is_prose(content)):
        return False
    if not silent:
        _push(state, content, is_display=width == 2)
    state.pos = end + width
    return True


def _is_prose(content: str) -> bool:
    return bool(_WORDS.search(_TEXT_COMMAND.sub("", content)) or _PRICE.match(content))


def _next_closer(state: StateInline, mark: str, start: int) -> int:
    """Find the next place a formula may end at, looking each paragraph over once only."""
    cached = state.env.get("maths_closers")
    if cached is None or cached[0] is not state.src:
        pattern_places = {
            "$": [match.start() for match in _CLOSERS.finditer(state.src)],
            "$$": [match.start() for match in _DOUBLE.finditer(state.src)],
        }
        cached = state.env["maths_closers"] = (state.src, pattern_places)
    places = cached[1][mark]
    index = bisect_left(places, start + 1)
    if index == len(places) or places[index] - start > _MAX_INLINE:
        return -1
    return int(places[index])


def _backslash_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    source, start = state.src, state.pos
    if source[start] != "\\":
        return False
    width = 2 if source.startswith("\\\\", start) else 1
    bracket = source[start + width : start + width + 1]
    if bracket not in {"(", "["}:
        return False
    closer = "\\" * width + (")" if bracket == "(" else "]")
    opened = start + width + 1
    end = source.find(closer, opened, min(state.posMax, opened + _MAX_INLINE))
    content = source[opened:end]
    if end < 0 or not content.strip() or (width == 1 and (not _TEX.search(content) or _is_prose(content))):
        return False
    if not silent:
        _push(state, content, is_display=bracket == "[")
    state.pos = end + width + 1
    return True


def _push(state: StateInline, content: str, *, is_display: bool) -> None:
    token = state.push("math_inline", "math", 0)
    token.content = content
    token.meta = {"display": is_display}


_BLOCK_MARKS = {"$$": "$$", "\\[": "\\]", "\\\\[": "\\\\]"}


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    start = state.bMarks[start_line] + state.tShift[start_line]
    if state.src[start : start + 1] not in {"$", "\\"} or state.is_code_block(start_line):
        return False
    first = _line(state, start_line)
    opener = next((mark for mark in _BLOCK_MARKS if first.startswith(mark)), None)
    if opener is None:
        return False
    closer = _BLOCK_MARKS[opener]
    rest = first[len(opener) :]
    last = start_line
    lines = [rest]
    while not (lines[-1].endswith(closer) and (last > start_line or len(rest) > len(closer))):
        last += 1
        if last >= min(end_line, start_line + _MAX_LINES) or state.sCount[last] < state.blkIndent:
            return False
        lines.append(_line(state, last))
        if not lines[-1]:
            return False
    content = "\n".join(lines)[: -len(closer)]
    if not content.strip() or closer in content or (opener == "\\[" and not _TEX.search(content)):
        return False
    if silent:
        return True
    state.line = last + 1
    token = state.push("math_block", "math", 0)
    token.block = True
    token.content = content
    token.map = [start_line, state.line]
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
