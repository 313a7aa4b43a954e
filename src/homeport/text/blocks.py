"""Reads blocks as deep as posts nest, and shows what lies deeper as plain words: the parser would drop it."""

from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock

from homeport.text.dispatch import BlockRuler

# Each level of nesting reads its lines again; what lies deeper than this is no post.
MAX_NESTING = 100


class BoundedBlockParser(ParserBlock):
    """Reads blocks; at the deepest level everything is a paragraph."""

    def __init__(self) -> None:
        super().__init__()
        rules = self.ruler.__rules__
        self.ruler = BlockRuler()
        self.ruler.__rules__ = rules

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 (the base class calls it so)
        """Read the lines of one block."""
        if state.level < MAX_NESTING:
            super().tokenize(state, startLine, endLine)
        else:
            _read_flat(state, startLine, endLine)


def _read_flat(state: StateBlock, start_line: int, end_line: int) -> None:
    line = start_line
    while True:
        state.line = line = state.skipEmptyLines(line)
        if not _belongs(state, line, end_line):
            return
        first = line
        while _belongs(state, line, end_line) and not state.isEmpty(line):
            line += 1
        _push_paragraph(state, first, line)


def _belongs(state: StateBlock, line: int, end_line: int) -> bool:
    return line < end_line and state.sCount[line] >= state.blkIndent


def _push_paragraph(state: StateBlock, first: int, end: int) -> None:
    opening = state.push("paragraph_open", "p", 1)
    opening.map = [first, end]
    opening.meta = {"is_flat": True}
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(first, end, state.blkIndent, False).strip()
    inline.map = [first, end]
    inline.children = []
    state.push("paragraph_close", "p", -1)
