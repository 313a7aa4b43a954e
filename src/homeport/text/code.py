"""Code as readers see it: highlighted on the server in five classes, line by line."""

from collections.abc import Iterator
from functools import lru_cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

from homeport.text.fenceinfo import FenceInfo

# Pygments is a pile of regular expressions, some of them slow on lines no author writes.
MAX_HIGHLIGHTED = 60_000
_MAX_LINE = 2_000

_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Keyword.Constant, "s"),
    (Keyword.Type, "f"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Tag, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
    (Name.Constant, "s"),
    (Name.Exception, "f"),
    (String, "s"),
    (Number, "s"),
    (Literal, "s"),
    (Comment.Preproc, "k"),
    (Comment, "c"),
    (Generic.Output, "c"),
    (Generic.Prompt, "c"),
    (Generic.Heading, "k"),
    (Generic.Error, "e"),
    (Generic.Traceback, "e"),
)

_PLAIN_NAMES = frozenset({"", "text", "txt", "plain", "plaintext", "none", "ascii", "raw", "mermaid", "output"})


def code_figure(source: str, fence: FenceInfo) -> str:
    """Return a code block as HTML, with its file name, numbers and marks."""
    lexer_class = _lexer_class(fence.language)
    # Lexers keep state while they work, so every block gets its own.
    lexer = lexer_class(stripnl=False, ensurenl=False) if lexer_class else None
    lines = source.removesuffix("\n").split("\n")
    bodies, prefixes = lines, [""] * len(lines)
    if fence.is_diff:
        prefixes = [line[:1] if line[:1] in {"+", "-", " "} else "" for line in lines]
        bodies = [line[len(prefix) :] for line, prefix in zip(lines, prefixes, strict=True)]
    marked = _highlighted(bodies, lexer) if lexer else [escape(line, quote=False) for line in bodies]
    rows = [
        _row(number, prefix + body, fence, _change(prefix, line))
        for number, (line, prefix, body) in enumerate(zip(lines, prefixes, marked, strict=True), start=1)
    ]
    caption = f"<figcaption>{escape(fence.file_name)}</figcaption>" if fence.file_name else ""
    language = f' data-lang="{escape(fence.language)}"' if lexer else ""
    return f'<figure class="code">{caption}<pre tabindex="0"{language}><code>{"".join(rows)}</code></pre></figure>\n'


def _row(number: int, body: str, fence: FenceInfo, change: str) -> str:
    classes = "l" + (" hl" if number in fence.highlighted else "") + change
    count = f' data-n="{fence.first_number + number - 1}"' if fence.is_numbered else ""
    return f'<span class="{classes}"{count}>{body}\n</span>'


def _change(prefix: str, line: str) -> str:
    if line.startswith(("+++ ", "--- ")):
        return ""
    return {"+": " add", "-": " del"}.get(prefix, "")


@lru_cache(maxsize=256)
def _lexer_class(language: str) -> type[Lexer] | None:
    if language in _PLAIN_NAMES or len(language) > 40:
        return None
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None


def _highlighted(lines: list[str], lexer: Lexer) -> list[str]:
    source = "\n".join(lines)
    if len(source) > MAX_HIGHLIGHTED or any(len(line) > _MAX_LINE for line in lines):
        return [escape(line, quote=False) for line in lines]
    # With its final newline: lexers of terminal sessions lose a last line that has none.
    tokens = list(_token_lines(f"{source}\n", lexer))[:-1]
    if ["".join(text for _, text in line) for line in tokens] != lines:
        # A lexer that loses or adds a character must not cost the author one.
        return [escape(line, quote=False) for line in lines]
    return [_marked_line(line) for line in tokens]


def _token_lines(source: str, lexer: Lexer) -> Iterator[list[tuple[str, str]]]:
    line: list[tuple[str, str]] = []
    for token, text in lexer.get_tokens(source):
        name = _class_of(token)
        first, *rest = text.split("\n")
        line.append((name, first))
        for part in rest:
            yield line
            line = [(name, part)]
    yield line


@lru_cache(maxsize=1024)
def _class_of(token: _TokenType) -> str:
    return next((name for kind, name in _CLASSES if token[: len(kind)] == kind), "")


def _marked_line(pieces: list[tuple[str, str]]) -> str:
    """Write one line's pieces, joining neighbours of one class across the blanks between them."""
    out: list[str] = []
    open_name = ""
    blanks = ""
    for name, text in pieces:
        if not text.strip():
            blanks += text
            continue
        if name != open_name:
            out.append(("</span>" if open_name else "") + blanks + (f'<span class="{name}">' if name else ""))
            open_name, blanks = name, ""
        out.append(blanks + escape(text, quote=False))
        blanks = ""
    return "".join(out) + ("</span>" if open_name else "") + blanks
