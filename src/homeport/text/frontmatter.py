"""Front matter: the data at the top of a Markdown file, taken apart from the text without changing a byte."""

import re
from dataclasses import dataclass, field
from typing import Any

from homeport.errors import InvalidError
from homeport.text.boundeddata import MAX_LENGTH, DataError, load_json, load_toml, load_yaml


class FrontMatterError(InvalidError):
    """The front matter of a file can't be read; `line` counts from the top of the file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@dataclass(frozen=True)
class FrontMatter:
    """A file taken apart: `block` and `body` put together again are the file."""

    block: str
    format: str
    data: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1


_OPENING = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\r?\n|\Z)", re.MULTILINE),
}
_JSON = re.compile(r"\ufeff?\{[ \t]*\r?\n\s*[\"}]|\ufeff?\{[ \t]*\"[^\"\n]*\"[ \t]*:")
_JSON_END = re.compile(r"[ \t]*(?:\r?\n|\Z)")
_LOOKS_LIKE_DATA = re.compile(r"[A-Za-z_][\w-]*[ \t]*[:=]")


def split(text: str) -> FrontMatter:
    """Take a file's front matter apart from its body.

    Raises:
        FrontMatterError: there is front matter and it can't be read.
    """
    if match := _OPENING.match(text):
        return _fenced(text, match)
    if _JSON.match(text):
        return _json(text)
    return FrontMatter("", "", body=text)


def _fenced(text: str, opening: re.Match[str]) -> FrontMatter:
    fence = opening.group(1)
    closing = _CLOSING[fence].search(text, opening.end())
    if closing is None:
        if _LOOKS_LIKE_DATA.match(text, opening.end()):
            raise FrontMatterError(f"the front matter is never closed by {fence}", 1)
        return FrontMatter("", "", body=text)
    _check_length(closing.end())
    inner = text[opening.end() : closing.start()]
    try:
        data = load_yaml(inner) if fence == "---" else load_toml(inner)
    except DataError as error:
        raise FrontMatterError(str(error), error.line + 1 if error.line else 1) from error
    if isinstance(data, str):
        # Two thematic breaks with words between them.
        return FrontMatter("", "", body=text)
    if not isinstance(data, dict):
        raise FrontMatterError("the front matter is not a list of keys and values", 2)
    return _taken_apart(text, closing.end(), "yaml" if fence == "---" else "toml", data)


def _json(text: str) -> FrontMatter:
    start = 1 if text.startswith("\ufeff") else 0
    # The reader may look no further than a front matter may reach.
    window = text[: MAX_LENGTH + 1]
    try:
        data, end = load_json(window, start)
    except DataError as error:
        _check_length(len(window) if error.line and len(window) > MAX_LENGTH else 0)
        raise FrontMatterError(str(error), error.line or 1) from error
    rest = _JSON_END.match(text, end)
    if rest is None:
        raise FrontMatterError("there is text right after the front matter", text.count("\n", 0, end) + 1)
    _check_length(rest.end())
    return _taken_apart(text, rest.end(), "json", data)


def _check_length(length: int) -> None:
    if length > MAX_LENGTH:
        raise FrontMatterError(f"the front matter is longer than {MAX_LENGTH} characters", 1)


def _taken_apart(text: str, end: int, kind: str, data: dict[str, Any]) -> FrontMatter:
    return FrontMatter(text[:end], kind, data, text[end:], text.count("\n", 0, end) + 1)
