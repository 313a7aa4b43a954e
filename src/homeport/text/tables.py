"""Tables in Markdown, with a bound on the cells that short rows are filled up with."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table

# A header of three hundred columns over rows of one cell would turn each byte of source into a hundred cells.
_MAX_ADDED_CELLS = 5_000


def tables_plugin(md: MarkdownIt) -> None:
    """Bound a parser's tables."""
    md.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    md.enable("table")


def _bounded_table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    if not _may_have_rule(state, start_line + 1) or not table(state, start_line, end_line, True):
        return False
    added = state.env.get("added_cells", 0) + _missing_cells(state, start_line, end_line)
    if added > _MAX_ADDED_CELLS:
        return False
    if silent:
        return True
    state.env["added_cells"] = added
    return table(state, start_line, end_line, False)


def _may_have_rule(state: StateBlock, line: int) -> bool:
    """Tell whether a line can be the rule below a table's head, which nearly every line of a text is asked about."""
    return state.src.startswith(("|", "-", ":"), state.bMarks[line] + state.tShift[line])


def _missing_cells(state: StateBlock, start_line: int, end_line: int) -> int:
    columns = _pipes(state, start_line + 1) + 1
    missing = 0
    for line in range(start_line + 2, end_line):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent or missing > _MAX_ADDED_CELLS:
            break
        missing += max(0, columns - _pipes(state, line) - 2)
    return missing


def _pipes(state: StateBlock, line: int) -> int:
    return state.src.count("|", state.bMarks[line], state.eMarks[line])
