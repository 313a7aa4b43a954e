"""Teaches the Markdown parser the tags of Hugo, Jekyll and Zola: as targets, figures, code, and words that stay."""

import re
from types import SimpleNamespace

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination, parseLinkLabel, parseLinkTitle
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from homeport.text.templates import KNOWN, RAW, TEMPLATE, find_figure

_PLAIN_TARGET = re.compile(r"[^\x00-\x20\x7f\\&(){}<]++(?=[\x00-\x20\x7f)]|\Z)")
_TARGET = re.compile(rf"[^\s(){{}}<>]{{0,400}}+(?:(?:{TEMPLATE.pattern})[^\s(){{}}<>]{{0,400}}+){{1,9}}", re.DOTALL)
_RAW_TAG = re.compile(
    rf"""<(?=[a-zA-Z])(?:"(?:{TEMPLATE.pattern}|[^"]){{0,1000}}+"|'(?:{TEMPLATE.pattern}|[^']){{0,1000}}+'|[^"'<>]++){{1,40}}+>""",
    re.DOTALL,
)
_NEAR = 1000
_HIGHLIGHT = re.compile(
    r"\{\{(?P<hugo>[<%])\s*highlight\s+(?P<a>[^\n]{1,400}?)[>%]\}\}|\{%-?\s*highlight\s+(?P<b>[^\n]{1,400}?)-?%\}"
)
_RAW_MARK = re.compile(rf"{RAW.pattern}\n?")
_HUGO_END = re.compile(r"\{\{[<%]\s*/\s*highlight\s*[>%]\}\}[ \t]*$")
_LIQUID_END = re.compile(r"\{%-?\s*endhighlight\s*-?%\}[ \t]*$")
_INTERRUPTS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def shortcodes_plugin(md: MarkdownIt) -> None:
    """Teach a parser the tags of other site builders."""
    md.helpers = SimpleNamespace(  # type: ignore[assignment]
        parseLinkDestination=_destination, parseLinkLabel=parseLinkLabel, parseLinkTitle=parseLinkTitle
    )
    md.core.ruler.before("block", "shortcode_raw", _note_raw)
    md.block.ruler.before("fence", "shortcode_highlight", _highlight, _INTERRUPTS)
    md.block.ruler.before("fence", "shortcode_alone", _alone, _INTERRUPTS)
    md.inline.ruler.before("link", "shortcode", _inline)
    md.inline.ruler.before("html_inline", "shortcode_in_tag", _raw_tag)


def _destination(string: str, pos: int, maximum: int) -> object:
    """Read a link's destination; one with a template in it ends where the template lets it."""
    if match := _PLAIN_TARGET.match(string, pos, maximum):
        return SimpleNamespace(ok=True, pos=match.end(), str=match[0])
    if string.find("{", pos, pos + _NEAR) >= 0 and (match := _TARGET.match(string, pos, maximum)):
        return SimpleNamespace(ok=True, pos=match.end(), str=match[0])
    return parseLinkDestination(string, pos, maximum)


def _note_raw(state: StateCore) -> None:
    """Note whether anything ends what `{% raw %}` begins: where nothing does, it is only written about."""
    state.env["raw_ends"] = any(match["end"] for match in RAW.finditer(state.src))


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _starts_with_brace(state: StateBlock, line: int) -> bool:
    return state.src.startswith("{", state.bMarks[line] + state.tShift[line]) and not state.is_code_block(line)


def _alone(state: StateBlock, start_line: int, _end_line: int, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    """Read a figure or a mark of raw text that has a line for itself, and so interrupts a paragraph."""
    if not _starts_with_brace(state, start_line):
        return False
    content = _line(state, start_line).strip()
    is_mark = bool(RAW.fullmatch(content)) and state.env.get("raw_ends", False)
    if not is_mark and not ((figure := find_figure(content)) and figure[1] == len(content)):
        return False
    if silent:
        return True
    state.line = start_line + 1
    lines = [start_line, state.line]
    inline = Token("inline", "", 0, content=content, children=[], map=lines, level=state.level)
    if is_mark:
        state.tokens.append(inline)
        return True
    state.push("paragraph_open", "p", 1).map = lines
    state.tokens.append(inline)
    state.push("paragraph_close", "p", -1)
    return True


def _highlight(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    """Read a block of code between the tags of Hugo or Jekyll."""
    if not _starts_with_brace(state, start_line):
        return False
    opening = _HIGHLIGHT.match(_line(state, start_line))
    if opening is None:
        return False
    is_hugo = bool(opening["hugo"])
    last = _end_of(state, start_line, end_line, is_hugo=is_hugo)
    if last is None:
        return False
    if silent:
        return True
    end = _HUGO_END if is_hugo else _LIQUID_END
    text = state.getLines(start_line, last + 1, state.sCount[start_line], False)
    token = state.push("fence", "code", 0)
    token.info = _info(opening["a"] or opening["b"])
    content = end.sub("", text[opening.end() :])
    token.content = _RAW_MARK.sub("", content).removeprefix("\n").rstrip() + "\n"
    token.map = [start_line, last + 1]
    state.line = last + 1
    return True


def _end_of(state: StateBlock, start_line: int, end_line: int, *, is_hugo: bool) -> int | None:
    """Find the line that ends a block of code; lines that were searched in vain are not searched again."""
    searched: dict[bool, tuple[int, int]] = state.env.setdefault("highlight_searched", {})
    first, behind = searched.get(is_hugo, (0, 0))
    if first <= start_line and end_line <= behind:
        return None
    end = _HUGO_END if is_hugo else _LIQUID_END
    for line in range(start_line, end_line):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            searched[is_hugo] = start_line, line
            return None
        if end.search(_line(state, line)):
            return line
    searched[is_hugo] = start_line, end_line
    return None


def _info(arguments: str) -> str:
    """Write a highlight tag's arguments as the info string of a fence."""
    language, _, options = arguments.strip().partition(" ")
    options = re.sub(r'"([^"=]+=[^"]*)"', r"\1", options)
    return f"{language} " + re.sub(r"hl_lines=([\d ,-]+)", r'hl_lines="\1"', options)


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    if not state.src.startswith(("{{", "{%"), state.pos):
        return False
    if (raw := RAW.match(state.src, state.pos)) and state.env.get("raw_ends"):
        if not silent:
            state.env["is_raw"] = not raw["end"]
        state.pos = raw.end()
        return True
    is_raw = bool(state.env.get("is_raw"))
    if not is_raw and (figure := find_figure(state.src, state.pos)):
        if not silent:
            _push_figure(state, figure[0])
        state.pos = figure[1]
        return True
    match = (TEMPLATE if is_raw else KNOWN).match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("template", "", 0)
        token.content = match[0]
        token.meta = {"is_raw": is_raw}
    state.pos = match.end()
    return True


def _push_figure(state: StateInline, arguments: dict[str, str]) -> None:
    if link := arguments.get("link"):
        state.push("link_open", "a", 1).attrs = {"href": link}
    image = state.push("image", "img", 0)
    image.attrs = {"src": arguments["src"], "alt": ""}
    image.content = arguments.get("alt", "")
    image.children = [Token("text", "", 0, content=image.content)]
    if words := " \u2013 ".join(filter(None, (arguments.get("title"), arguments.get("caption")))):
        image.attrs["title"] = words
    if link:
        state.push("link_close", "a", -1)


def _raw_tag(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (rules are called by position)
    """Read a raw tag whose attributes hold templates, with quotation marks inside of quotation marks."""
    if state.src[state.pos] != "<" or state.src.find("{", state.pos, state.pos + _NEAR) < 0:
        return False
    match = _RAW_TAG.match(state.src, state.pos, state.posMax)
    if match is None or not TEMPLATE.search(match[0]):
        return False
    if not silent:
        state.push("html_inline", "", 0).content = match[0]
    state.pos = match.end()
    return True
