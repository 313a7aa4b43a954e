"""The line in the log that says where a new site is set up: written by the web server, read again for the terminal."""

import re

PREFIX = "Set up this site: "
_LINK = re.compile(re.escape(PREFIX) + r"(https?://[^\s\"\\]+)")


def setup_link_in(log: str) -> str:
    """Return the last setup link that a log tells of, '' when it tells of none."""
    links: list[str] = _LINK.findall(log)
    return links[-1] if links else ""
