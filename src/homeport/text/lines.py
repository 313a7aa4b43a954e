"""Line endings: browsers send CRLF whatever was stored, and a save without a change must change no byte."""

import re

from homeport.text.matching import matching_lines

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")


def with_plain_endings(text: str) -> str:
    """Return the text with LF at the end of every line."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def keep_endings(stored: str, typed: str) -> str:
    """Return what was typed with the line endings of what was stored.

    A line that is there already keeps its own; a new one gets the ending that most lines have, LF when there is none.
    """
    plain = with_plain_endings(typed)
    if "\r" not in stored:
        return plain
    if plain == with_plain_endings(stored):
        return stored
    before, after = _lines(stored), _lines(plain)
    usual = _usual_ending(before)
    endings = [usual if ending else "" for _, ending in after]
    for old, new in matching_lines([line for line, _ in before], [line for line, _ in after]):
        if after[new][1] and before[old][1]:
            endings[new] = before[old][1]
    for place, (line, _) in enumerate(after[1:], 1):
        # The two together would be one ending.
        if endings[place - 1] == "\r" and not line and endings[place] == "\n":
            endings[place - 1] = "\n"
    return "".join(line + ending for (line, _), ending in zip(after, endings, strict=True))


def _lines(text: str) -> list[tuple[str, str]]:
    """Return each line with what ends it; only what a browser takes for the end of a line counts."""
    return [(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]


def _usual_ending(lines: list[tuple[str, str]]) -> str:
    counts = dict.fromkeys(("\n", "\r\n", "\r"), 0)
    for _, ending in lines:
        if ending:
            counts[ending] += 1
    return max(counts, key=lambda ending: counts[ending])
