"""Finds callouts in Markdown: GitHub's `> [!NOTE]` and the `:::note` containers of documentation tools."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

KINDS = {
    "note": "note", "info": "note", "abstract": "note", "quote": "note", "seealso": "note",
    "tip": "tip", "hint": "tip", "success": "tip",
    "important": "important",
    "warning": "warning", "warn": "warning", "attention": "warning",
    "caution": "caution", "danger": "caution", "error": "caution", "bug": "caution",
}  # fmt: skip

_ALERT = re.compile(r"\[!([A-Za-z]+)\][-+]?[ \t]*(.*)")
_CONTAINER = re.compile(r"(:{3,})[ \t]*([A-Za-z]+)(?:\[([^\]\n]*)\]|[ \t]+(.*?))?[ \t]*")
_CLOSE = re.compile(r"(:{3,})[ \t]*")


def callouts_plugin(md: MarkdownIt) -> None:
    """Teach a parser callouts."""
    md.block.ruler.before("fence", "callout", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.core.ruler.after("block", "callout_alerts", _alerts)


def _container(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    match = _match(_CONTAINER, state, start_line)
    if match is None or match.group(2).lower() not in KINDS:
        return False
    if silent:
        return True
    last, is_closed = _end_of(state, start_line, end_line, len(match.group(1)))
    old_parent, old_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    token = state.push("callout_open", "aside", 1)
    token.map = [start_line, last]
    token.meta = {"kind": match.group(2).lower(), "title": (match.group(3) or match.group(4) or "").strip()}
    state.md.block.tokenize(state, start_line + 1, last)
    state.push("callout_close", "aside", -1)
    state.parentType, state.lineMax = old_parent, old_max
    state.line = last + is_closed
    return True


def _end_of(state: StateBlock, start_line: int, end_line: int, width: int) -> tuple[int, bool]:
    """Find the line that ends a container and whether it closes it; one never closed ends with what it stands in."""
    open_inside = 0
    for line in range(start_line + 1, end_line):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return line, False
        if (opened := _match(_CONTAINER, state, line)) and len(opened.group(1)) == width:
            open_inside += opened.group(2).lower() in KINDS
        elif (closed := _match(_CLOSE, state, line)) and len(closed.group(1)) >= width:
            if not open_inside:
                return line, True
            open_inside -= 1
    return end_line, False


def _match(pattern: re.Pattern[str], state: StateBlock, line: int) -> re.Match[str] | None:
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(":::", start) or state.is_code_block(line):
        return None
    return pattern.fullmatch(state.src, start, state.eMarks[line])


def _alerts(state: StateCore) -> None:
    """Turn the block quotes that begin with a mark into callouts."""
    tokens = state.tokens
    open_quotes: list[Token | None] = []
    emptied: set[int] = set()
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            open_quotes.append(token if _read_alert(tokens, index, emptied) else None)
        elif token.type == "blockquote_close" and open_quotes.pop():
            token.type = "callout_close"
    if emptied:
        state.tokens = [token for index, token in enumerate(tokens) if index not in emptied]


def _read_alert(tokens: list[Token], index: int, emptied: set[int]) -> bool:
    if index + 2 >= len(tokens) or tokens[index + 2].type != "inline" or tokens[index + 1].type != "paragraph_open":
        return False
    first, _, rest = tokens[index + 2].content.partition("\n")
    match = _ALERT.fullmatch(first.strip())
    if match is None or match.group(1).lower() not in KINDS:
        return False
    tokens[index].type = "callout_open"
    tokens[index].meta = {"kind": match.group(1).lower(), "title": match.group(2).strip()}
    tokens[index + 2].content = rest
    if not rest.strip():
        emptied.update((index + 1, index + 2, index + 3))
    return True
