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

# Each callout looks for its end, so what is nested deeper is read as plain lines.
_MAX_LEVEL = 24

_ALERT = re.compile(r"\[!([A-Za-z]+)\][-+]?[ \t]*(.*)")
_CONTAINER = re.compile(r"(:{3,})[ \t]*([A-Za-z]+)(?:\[([^\]\n]*)\]|[ \t]+(.*?))?[ \t]*")
_CLOSE = re.compile(r"(:{3,})[ \t]*")


def callouts_plugin(md: MarkdownIt) -> None:
    """Teach a parser callouts."""
    md.block.ruler.before("fence", "callout", _container, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.core.ruler.after("block", "callout_alerts", _alerts)


def _container(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    match = _match(_CONTAINER, state, start_line)
    if match is None or match.group(2).lower() not in KINDS or state.level > _MAX_LEVEL:
        return False
    if silent:
        return True
    last, is_closed = _end_of(state, start_line, end_line, len(match.group(1)))
    old_parent, old_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    token = state.push("callout_open", "aside", 1)
    token.map = [start_line, last]
    token.meta = {"kind": KINDS[match.group(2).lower()]}
    state.tokens.extend(_title(match.group(3) or match.group(4) or match.group(2).capitalize(), start_line))
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
    open_quotes: list[bool] = []
    read: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        read.append(token)
        index += 1
        if token.type == "blockquote_open":
            match = _alert_at(tokens, index)
            open_quotes.append(match is not None)
            if match:
                token.type, token.meta = "callout_open", {"kind": KINDS[match.group(1).lower()]}
                read.extend(
                    _title(match.group(2).strip() or match.group(1).capitalize(), token.map[0] if token.map else 0)
                )
                index += 0 if _take_first_line(tokens[index + 1]) else 3
        elif token.type == "blockquote_close" and open_quotes.pop():
            token.type = "callout_close"
    state.tokens = read


def _alert_at(tokens: list[Token], index: int) -> re.Match[str] | None:
    """Read the mark a quote's first paragraph begins with."""
    if index + 1 >= len(tokens) or tokens[index].type != "paragraph_open":
        return None
    match = _ALERT.fullmatch(tokens[index + 1].content.partition("\n")[0].strip())
    return match if match and match.group(1).lower() in KINDS else None


def _take_first_line(inline: Token) -> bool:
    """Take the mark off a paragraph; return whether anything is left of it."""
    _, _, inline.content = inline.content.partition("\n")
    if inline.map:
        inline.map = [inline.map[0] + 1, inline.map[1]]
    return bool(inline.content.strip())


def _title(words: str, line: int) -> list[Token]:
    inline = Token("inline", "", 0, content=words.strip(), children=[], map=[line, line + 1])
    return [Token("callout_title_open", "p", 1), inline, Token("callout_title_close", "p", -1)]
