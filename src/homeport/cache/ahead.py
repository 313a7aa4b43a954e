"""Lets browsers make a page of ours ready while its reader is still reaching for the link.

The rules are in the header itself, as an address with all of its data: a file would be one more request of each reader.
"""

import json

from flask import Response, request

NOT_FOR_READERS = ("studio", "account", "setup", "preview", "api", "comments", "static", "media")
_PAGES = [
    {"href_matches": "/*", "relative_to": "document"},
    {"not": {"href_matches": f"/:part({'|'.join(NOT_FOR_READERS)}){{/*}}?", "relative_to": "document"}},
    {"not": {"href_matches": "/*.:kind(atom|rss|json|xml)", "relative_to": "document"}},
    # What has parameters is rendered each time; a page is worth that only to somebody who really comes.
    {"not": {"href_matches": "/*\\?(.+)", "relative_to": "document"}},
]
RULES = {"prerender": [{"where": {"and": _PAGES}, "eagerness": "moderate"}]}
"""Moderate is a pointer that rests on the link, or a finger that touches it."""


def _quoted(text: str) -> str:
    """Return a string as structured fields have it (RFC 9651, section 3.3.3)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


HEADER = (
    "Speculation-Rules",
    _quoted(f"data:application/speculationrules+json,{json.dumps(RULES, separators=(',', ':'))}"),
)


def offer(response: Response) -> None:
    """Put the rules on a page of readers."""
    if response.mimetype == "text/html" and request.path.split("/")[1] not in NOT_FOR_READERS:
        response.headers.add(*HEADER)
