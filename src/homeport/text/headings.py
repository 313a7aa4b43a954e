"""The headings of a text as its author wrote them, before the page puts them in order."""

from dataclasses import dataclass

from homeport.text.parser import block_parser


@dataclass(frozen=True, slots=True)
class WrittenHeading:
    """A heading with its level and the line, counted from 1, that it stands on."""

    level: int
    line: int
    text: str


def list_headings(source: str) -> list[WrittenHeading]:
    """Return the headings of the text itself, not those inside quotes, lists and notes."""
    tokens = block_parser().parse(source.removeprefix("\ufeff"), {})
    return [
        WrittenHeading(int(token.tag[1]), token.map[0] + 1, tokens[index + 1].content)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
