"""Finds what a former tool would have replaced by something and this site shows as it is written."""

import re
from collections.abc import Iterator

from homeport.exchange.dialects import Dialect

# Everything is bounded, so that a text of nothing but opening brackets is read in linear time.
_BY_DIALECT = {
    Dialect.HUGO: re.compile(r"\{\{[<%]\s{0,9}/?\s{0,9}([\w./-]{1,80})[^\n]{0,400}?[>%]\}\}"),
    Dialect.ZOLA: re.compile(r"\{[{%]-?\s{0,9}(\w{1,80})\([^\n]{0,400}?\)\s{0,9}-?[}%]\}"),
    Dialect.JEKYLL: re.compile(r"\{%-?\s{0,9}(\w{1,80})[^\n]{0,400}?%\}|\{\{\s{0,9}([\w.]{1,80})[^\n}]{0,400}\}\}"),
}
_CODE = re.compile(r"(?ms)^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)|(`+)(?!`).{1,400}?(?<!`)\2(?!`)")


def find_shortcodes(source: str, dialect: Dialect) -> Iterator[tuple[int, str]]:
    """Yield the line (from 1) and the name of each tool's own tag that stands outside code."""
    pattern = _BY_DIALECT.get(dialect)
    if pattern is None or not pattern.search(source):
        return
    text = _CODE.sub(lambda match: "\n" * match[0].count("\n"), source)
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, next(filter(None, match.groups()))
