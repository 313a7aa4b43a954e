"""Raw HTML in Markdown: read leniently, in linear time, into the tree."""

import re
from html import unescape

from homeport.text.embeds import embed
from homeport.text.policy import RENAMED, admit, is_dropped_whole
from homeport.text.rendered import Rendering
from homeport.text.tags import VOID, names
from homeport.text.templates import guard_values
from homeport.text.tree import Blob, Element, Marker, TreeBuilder

_COMMENT = re.compile(r"<!---?>|<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(r"<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Za-z][^>]*>", re.DOTALL)
_CLOSING = re.compile(r"</([A-Za-z][^\s/>]*)[^>]*>")
# Possessive, so that an unfinished tag is given up in one pass.
_OPENING = re.compile(r"""<([A-Za-z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++)))?""")
_NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.-]*")
_TAG_NAME = re.compile(r"[a-z][a-z0-9-]*")
# Browsers read `<a id="x"/>` as left open; authors never mean that.
_SELF_CLOSED = re.compile(r"""(?:^|[\s"'])/$""")
_MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)

# Elements whose content is text to a browser, whatever it looks like.
RAW_TEXT = names("iframe noembed noframes plaintext script style textarea title xmp")


def read_html(html: str, line: int, builder: TreeBuilder, rendering: Rendering) -> None:
    """Read one piece of raw HTML, as it stands in the source from a line on, into the tree."""
    reader = _Reader(guard_values(html), line, builder, rendering)
    reader.read()
    builder.end_piece()


class _Reader:
    def __init__(self, html: str, line: int, builder: TreeBuilder, rendering: Rendering) -> None:
        self._html = html
        self._line = line
        self._counted = 0
        self._builder = builder
        self._rendering = rendering
        self._unclosed: set[str] = set()

    def read(self) -> None:
        html, position = self._html, 0
        while (start := html.find("<", position)) >= 0:
            self._text(html[position:start])
            end = self._markup(start)
            if end is None:
                self._text(html[start:])
                return
            if end == start:
                self._builder.add("<")
                end = start + 1
            position = end
        self._text(html[position:])

    def _text(self, text: str) -> None:
        if text:
            self._builder.add(clean_text(unescape(text)))

    def _markup(self, start: int) -> int | None:
        """Read the markup at a position and return where it ends; None when it never does."""
        html = self._html
        after = html[start + 1 : start + 2]
        if after in {"!", "?"}:
            return self._comment(start)
        if after == "/":
            return self._closing(start)
        if not (after.isascii() and after.isalpha()):
            return start
        match = _OPENING.match(html, start)
        return self._opening(match) if match else None

    def _comment(self, start: int) -> int | None:
        if match := _COMMENT.match(self._html, start):
            if _MORE.fullmatch(match.group()):
                self._builder.add(Marker())
            return match.end()
        if match := _DECLARATION.match(self._html, start):
            return match.end()
        return None

    def _closing(self, start: int) -> int | None:
        if match := _CLOSING.match(self._html, start):
            tag = match.group(1).lower()
            self._builder.close_raw(tag if self._rendering.options.raw_html else RENAMED.get(tag, tag))
            return match.end()
        return start if self._html.find(">", start) >= 0 else None

    def _opening(self, match: re.Match[str]) -> int:
        tag = match.group(1).lower()
        if not _TAG_NAME.fullmatch(tag):
            return match.end()
        line = self._line_at(match.start())
        if tag in RAW_TEXT and (end := self._raw_text_end(tag, match.end())) is not None:
            self._raw_text(tag, match, line, end)
            return end.end()
        attrs = read_attributes(match.group(2))
        is_empty = tag in VOID or bool(_SELF_CLOSED.search(match.group(2)))
        self._element(tag, attrs, line, is_empty=is_empty)
        return match.end()

    def _element(self, tag: str, attrs: dict[str, str], line: int, *, is_empty: bool) -> None:
        builder, rendering = self._builder, self._rendering
        if is_dropped_whole(tag, rendering):
            rendering.drop(line, f"<{tag}> dropped")
            if tag not in RAW_TEXT:
                builder.open_raw(Element(tag), is_attached=False, is_empty=is_empty)
            return
        element = admit(tag, attrs, line, rendering)
        if element is None:
            return
        replacement = embed(element, line, rendering)
        builder.open_raw(replacement, is_empty=is_empty or replacement is not element)

    def _raw_text(self, tag: str, match: re.Match[str], line: int, end: re.Match[str]) -> None:
        if not self._rendering.options.raw_html:
            self._element(tag, read_attributes(match.group(2)), line, is_empty=True)
            return
        content = self._html[match.end() : end.start()]
        self._builder.add(Blob(f"<{tag}{match.group(2)}>{content}</{tag}>", ""))

    def _raw_text_end(self, tag: str, start: int) -> re.Match[str] | None:
        if tag in self._unclosed:
            return None
        match = re.compile(rf"</{tag}[^>]*>", re.IGNORECASE).search(self._html, start)
        if match is None:
            self._unclosed.add(tag)
        return match

    def _line_at(self, position: int) -> int:
        self._line += self._html.count("\n", self._counted, position)
        self._counted = position
        return self._line


def read_attributes(text: str) -> dict[str, str]:
    """Read a tag's attributes; of two with one name the first counts, as in a browser."""
    attrs: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        if _NAME.fullmatch(name):
            attrs.setdefault(name.lower(), clean_text(unescape(double or single or bare)))
    return attrs


def clean_text(text: str) -> str:
    """Replace the characters HTML has no place for."""
    text = _NOT_TEXT.sub("\ufffd", text).replace("\x0c", " ")
    return text if text.isascii() else _BEYOND.sub(_clean_character, text)


def _clean_character(match: re.Match[str]) -> str:
    # The last two places of every plane hold no character.
    return "\ufffd" if ord(match.group()) & 0xFFFE == 0xFFFE else match.group()


# In two expressions, because one set that reaches beyond the basic plane is ten times slower on every character.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
