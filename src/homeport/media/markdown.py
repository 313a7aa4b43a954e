"""The Markdown that shows a file."""

import re
from typing import Protocol

from homeport.media.types import Kind, kind_of

# What could end the words in brackets, or begin something else in them.
MARKS = re.compile(r"[\\\[\]`*_<>&]")


class Shown(Protocol):
    """What has to be known about a file."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def path(self) -> str:
        """Where it is."""

    @property
    def alt(self) -> str:
        """What it shows."""

    @property
    def content_type(self) -> str:
        """What it is."""


def markdown_of(media: Shown) -> str:
    """Return the Markdown for one file: pictures and films are shown, the others linked."""
    words = MARKS.sub(lambda mark: f"\\{mark[0]}", " ".join(media.alt.split()))
    if kind_of(media.content_type) in (Kind.IMAGE, Kind.VIDEO):
        return f"![{words}]({media.path})"
    return f"[{words or media.name}]({media.path})"
