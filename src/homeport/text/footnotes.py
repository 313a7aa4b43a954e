"""Finds footnotes in Markdown: `[^label]`, its definition `[^label]: text`, and `^[text]` in one.

The parser's rules only collect; numbers are given when the page is written, in the order readers meet them.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_LABEL = re.compile(r"\[\^([^\s\[\]]{1,100})\]")


def footnotes_plugin(md: MarkdownIt) -> None:
    """Teach a parser footnotes."""
    md.block.ruler.before("reference", "footnote_definition", _definition, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.after("image", "footnote_inline", _inline_note)
    md.inline.ruler.before("link", "footnote_reference", _reference)
    md.core.ruler.after("inline", "footnote_collect", _collect)


def _definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    start = state.bMarks[start_line] + state.tShift[start_line]
    match = _LABEL.match(state.src, start, state.eMarks[start_line])
    if match is None or state.is_code_block(start_line) or not state.src.startswith(":", match.end()):
        return False
    if silent:
        return True
    label = match.group(1)
    state.env.setdefault("footnote_labels", set()).add(label)
    token = state.push("footnote_open", "", 1)
    token.meta = {"label": label}
    token.map = [start_line, start_line + 1]
    _tokenize_inside(state, start_line, end_line, match.end() + 1)
    state.push("footnote_close", "", -1)
    return True


def _tokenize_inside(state: StateBlock, line: int, end_line: int, content: int) -> None:
    """Parse a definition's blocks: the rest of its line and what is indented by four below it."""
    saved = state.bMarks[line], state.tShift[line], state.sCount[line], state.parentType
    indent = 0
    while state.src[content + indent : content + indent + 1] in {" ", "\t"}:
        indent += 1
    state.bMarks[line] = content
    state.tShift[line] = indent
    state.blkIndent += 4
    state.sCount[line] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, line, end_line)
    state.blkIndent -= 4
    state.bMarks[line], state.tShift[line], state.sCount[line], state.parentType = saved


def _reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    if state.src[state.pos] != "[":
        return False
    match = _LABEL.match(state.src, state.pos, state.posMax)
    if match is None or match.group(1) not in state.env.get("footnote_labels", ()):
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = {"label": match.group(1)}
    state.pos = match.end()
    return True


def _inline_note(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    if not state.src.startswith("^[", state.pos) or state.env.get("in_footnote"):
        return False
    end = parseLinkLabel(state, state.pos + 1)
    content = state.src[state.pos + 2 : end]
    if end < 0 or not content.strip():
        return False
    if not silent:
        # Notes inside a note of this kind would nest as deep as the source likes; the inner ones stay text.
        state.env["in_footnote"] = True
        children: list[Token] = []
        state.md.inline.parse(content, state.md, state.env, children)
        del state.env["in_footnote"]
        state.push("footnote_ref", "", 0).meta = {"tokens": _paragraph(content, children)}
    state.pos = end + 1
    return True


def _paragraph(content: str, children: list[Token]) -> list[Token]:
    inline = Token("inline", "", 0, content=content, children=children)
    return [Token("paragraph_open", "p", 1), inline, Token("paragraph_close", "p", -1)]


def _collect(state: StateCore) -> None:
    """Take the definitions out of the text; of two with one label the first counts."""
    if "footnote_labels" not in state.env:
        return
    notes: dict[str, list[Token]] = state.env.setdefault("footnotes", {})
    kept: list[Token] = []
    open_notes: list[list[Token]] = []
    for token in state.tokens:
        if token.type == "footnote_open":
            tokens: list[Token] = []
            notes.setdefault(token.meta["label"], tokens)
            open_notes.append(tokens)
        elif token.type == "footnote_close":
            open_notes.pop()
        else:
            (open_notes[-1] if open_notes else kept).append(token)
    state.tokens = kept


def is_plain_note(tokens: Sequence[Token]) -> bool:
    """Tell whether a note is a paragraph or two, short enough to stand in the margin."""
    if any(token.type not in {"paragraph_open", "paragraph_close", "inline"} for token in tokens):
        return False
    return sum(len(token.content) for token in tokens) <= 600
