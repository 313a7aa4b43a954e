"""Code as readers see it: a figure, line by line, with its file name, numbers and marks."""

from html import escape

from homeport.text.fenceinfo import FenceInfo
from homeport.text.highlighting import Highlighter


def code_figure(source: str, fence: FenceInfo, highlighter: Highlighter) -> str:
    """Return a code block as HTML, with its file name, numbers and marks."""
    lines = source.removesuffix("\n").split("\n")
    bodies, prefixes = lines, [""] * len(lines)
    if fence.is_diff:
        prefixes = [line[:1] if line[:1] in {"+", "-", " "} else "" for line in lines]
        bodies = [line[len(prefix) :] for line, prefix in zip(lines, prefixes, strict=True)]
    marked = highlighter.mark(bodies, fence.language)
    language = f' data-lang="{escape(fence.language)}"' if marked else ""
    shown = marked or [escape(body, quote=False) for body in bodies]
    rows = [
        _row(number, prefix + body, fence, _change(prefix, line))
        for number, (line, prefix, body) in enumerate(zip(lines, prefixes, shown, strict=True), start=1)
    ]
    caption = f"<figcaption>{escape(fence.file_name)}</figcaption>" if fence.file_name else ""
    return f'<figure class="code">{caption}<pre tabindex="0"{language}><code>{"".join(rows)}</code></pre></figure>\n'


def _row(number: int, body: str, fence: FenceInfo, change: str) -> str:
    classes = "l" + (" hl" if number in fence.highlighted else "") + change
    count = f' data-n="{fence.first_number + number - 1}"' if fence.is_numbered else ""
    return f'<span class="{classes}"{count}>{body}\n</span>'


def _change(prefix: str, line: str) -> str:
    if line.startswith(("+++ ", "--- ")):
        return ""
    return {"+": " add", "-": " del"}.get(prefix, "")
