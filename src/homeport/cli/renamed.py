"""Finds the entry of a file that calls itself otherwise than when it was last published, so that it stays one entry."""

from pathlib import Path
from zoneinfo import ZoneInfo

from homeport.cli.memory import Memory, Published
from homeport.cli.remote import RemoteSite
from homeport.errors import InvalidError, NotFoundError
from homeport.exchange.readers import ReadFile
from homeport.exchange.textfiles import read_text


def find_former(memory: Memory, path: Path, text: ReadFile) -> tuple[str, Published] | None:
    """Return the slug that a file was published under before, and what is known of that; None for a new text.

    A file in the same place is the same text only if it still has its title or its words, and one that was moved only
    if it has its words: people write the next text over the last one, too, and call it alike.
    """
    here = str(path.resolve())
    for slug, known in memory.recall_all().items():
        if slug == text.post.slug or not (known.entry and known.file):
            continue
        was_here = known.file == here
        if (was_here or not Path(known.file).exists()) and _is_same(known, text, is_title_enough=was_here):
            return slug, known
    return None


def is_there(site: RemoteSite, entry: str) -> bool:
    """Say whether an entry is on the site, under whichever name, and not deleted."""
    try:
        return bool(site.ask("GET", f"/entries/{entry}").json["state"] != "deleted")
    except NotFoundError:
        return False


def _is_same(known: Published, text: ReadFile, *, is_title_enough: bool) -> bool:
    try:
        former = read_text("former.md", known.text.encode(), ZoneInfo("UTC"))
    except InvalidError:
        return False
    has_same_words = bool(text.source.strip()) and former.source.split() == text.source.split()
    return has_same_words or (is_title_enough and text.post.title is not None and former.post.title == text.post.title)
