"""Pelican's front matter: `Key: value` lines at the very top of a file, ended by an empty line."""

import re

KNOWN_KEYS = """
    title date modified category tags keywords author authors slug summary lang status template save_as url subtitle
    series series_index translation cover image
"""

_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)[ \t]*:[ \t]*(.*)")
_CONTINUATION = re.compile(r"[ \t]{4,}(\S.*)")


def split_metadata(text: str) -> tuple[str, dict[str, str], str]:
    """Return the metadata lines as they stand, their values, and the body; no metadata: all of it is body.

    Lines count as metadata only when a key that Pelican knows is among them, so that a text may begin with "Note: …".
    """
    values: dict[str, str] = {}
    end = 0
    last = ""
    for line in text.splitlines(keepends=True):
        content = line.strip("\ufeff\r\n")
        if match := _LINE.fullmatch(content):
            last = match[1].lower()
            values.setdefault(last, match[2].strip())
        elif last and (match := _CONTINUATION.fullmatch(content)):
            values[last] += f" {match[1].strip()}"
        else:
            end += len(line) if values and not content.strip() else 0
            break
        end += len(line)
    if not values.keys() & set(KNOWN_KEYS.split()):
        return "", {}, text
    return text[:end], values, text[end:]
