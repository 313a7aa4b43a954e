"""Under which name a page is stored: one for each page, whatever else is written into its address."""

MEANINGFUL = frozenset({"before", "thread", "after", "answer"})
"""Parameters that readers' pages look at; what has one is rendered each time. A test holds this to the views."""

LONGEST_PATH = 1024


def page_key(path: str, query: str) -> str | None:
    """Return the name of the page at a path (as WSGI has it) and a query string; None if it cannot be stored.

    What no page looks at makes no other page, or whoever adds a number to an address could fill the disk.
    """
    if len(path) > LONGEST_PATH or "\0" in path:
        return None
    if query and ("%00" in query or not all(map(_is_ignored, query.split("&")))):
        return None
    return path


def _is_ignored(parameter: str) -> bool:
    name = parameter.partition("=")[0]
    return name not in MEANINGFUL and "%" not in name and "+" not in name
