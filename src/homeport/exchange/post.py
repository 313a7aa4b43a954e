"""What a file says about the entry it becomes, the same whichever tool it was written for."""

from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedPost:
    """An entry as its file describes it; the text itself stays in the file until it is needed."""

    path: str
    digest: str
    front_matter_length: int
    body_line: int
    kind: str
    title: str | None
    slug: str
    state: str
    published_at: datetime | None
    updated_at: datetime | None = None
    subtitle: str = ""
    language: str = ""
    canonical_url: str = ""
    link_url: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: str = ""
    series_position: int | None = None
    cover: str = ""
    cover_alt: str = ""
    feed_id: str | None = None
    comments_open: bool | None = None
    old_paths: tuple[str, ...] = ()
    second_slug: str = ""
    """The slug that a translation gets when the original has the one it wants."""
    has_made_up_front_matter: bool = False
    """Whether an export wrote the front matter, for an entry that has none of its own."""

    def split(self, text: str) -> tuple[str, str]:
        """Return the front matter and the Markdown of the entry in the file's text."""
        front_matter = "" if self.has_made_up_front_matter else text[: self.front_matter_length]
        return front_matter, text[self.front_matter_length :]


FILE_FACTS = frozenset(
    {"path", "digest", "front_matter_length", "body_line", "has_made_up_front_matter", "second_slug"}
)
"""Fields that describe the file and not the entry."""

ENTRY_FIELDS = tuple(field.name for field in fields(ImportedPost) if field.name not in FILE_FACTS)
