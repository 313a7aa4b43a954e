"""What goes into a rendering and what comes out of it, shared by every module that takes part in one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RenderOptions:
    """What the site and the author may choose about rendering; the title is shown above the text already."""

    typographer: bool = False
    raw_html: bool = False
    remote_images: bool = False
    title: str = ""


@dataclass(frozen=True)
class PictureForm:
    """A picture once more: smaller, or packed better."""

    url: str
    width: int
    content_type: str


# The widest that `.prose > figure` and `.cover` in the style sheet become.
WIDEST_PIXELS = 864
WIDEST = "(max-width: 54rem) 100vw, 54rem"


def srcsets_of(forms: Iterable[PictureForm]) -> dict[str, str]:
    """Return what `srcset` says for each type of these forms, in their order."""
    found: dict[str, str] = {}
    for form in forms:
        before = f"{found[form.content_type]}, " if form.content_type in found else ""
        found[form.content_type] = f"{before}{form.url} {form.width}w"
    return found


def sizes_of(width: int) -> str:
    """Return how wide a picture is shown, as the style sheet has it: as it is, but no wider than text and margin."""
    return f"(max-width: {width}px) 100vw, {width}px" if width < WIDEST_PIXELS else WIDEST


@dataclass(frozen=True)
class Resolved:
    """Where a link or image as written leads on this site; `forms` of a picture have its own type last."""

    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""
    kind: str = ""
    content_type: str = ""
    forms: tuple[PictureForm, ...] = ()


Resolver = Callable[[str, str], Resolved | None]


def no_resolve(_kind: str, _target: str) -> Resolved | None:
    """Leave every link and image as it is written."""
    return None


@dataclass(frozen=True)
class Heading:
    """One line of a table of contents."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A post as readers get it, with what other features need to know of it."""

    html: str
    outline: tuple[Heading, ...]
    excerpt: str
    word_count: int
    references: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]


@dataclass
class Rendering:
    """The state of one rendering: its options and what has been noted on the way."""

    options: RenderOptions
    resolve: Resolver
    references: dict[tuple[str, str], None] = field(default_factory=dict)
    dropped: dict[str, None] = field(default_factory=dict)
    images: int = 0
    source_length: int = 0
    addresses_length: int = 0

    def drop(self, line: int, what: str) -> None:
        """Note for the author what was left out, once for each line."""
        self.dropped.setdefault(f"line {line}: {what}")

    def may_write(self, address: str) -> bool:
        """Tell whether an address may be written once more: reference definitions could multiply a long one."""
        self.addresses_length += len(address)
        return self.addresses_length <= 10_000 + 12 * self.source_length
