"""What programs send and get about entries."""

from typing import Annotated, Literal, NotRequired, TypedDict

from homeport.api.schema import Limits
from homeport.api.words import (
    Count,
    Cursor,
    Hash,
    Id,
    Kind,
    Limit,
    Line,
    Moment,
    Name,
    Slug,
    Source,
    State,
    Title,
    Words,
)
from homeport.blog.forms import MOST_TAGS
from homeport.blog.sharing import DAYS

Clock = Annotated[
    str,
    Limits(
        maxLength=40,
        description="A date and time such as 2026-12-24T08:00; without an offset it is the site's clock.",
    ),
]


ChosenId = Annotated[
    str,
    Limits(
        pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        description="A UUID in small letters (RFC 9562).",
    ),
]


class EntryChanges(TypedDict, total=False):
    """The fields of an entry that its author writes; what is left out stays as it is."""

    title: Title
    subtitle: Title
    source: Source
    kind: Kind
    slug: Slug
    tags: Annotated[list[Name], Limits(maxItems=MOST_TAGS)]
    series: Annotated[str, Limits(maxLength=100)]
    series_position: Annotated[int, Limits(minimum=0, maximum=99_999)] | None
    description: Line
    language: Annotated[str, Limits(maxLength=35, description="A code such as en or pt-BR.")]
    canonical_url: Line
    link_url: Line
    authors: Annotated[list[Name], Limits(maxItems=MOST_TAGS)]
    cover: Hash | None
    cover_alt: Line
    comments_open: bool | None
    published_at: Clock | None


class NewEntry(EntryChanges, total=False):
    """A draft to be. With an `id` of one's own choosing it may be sent again when the answer was lost."""

    id: ChosenId


class EntryCard(TypedDict):
    """An entry in a list."""

    id: Id
    version: Count
    kind: Kind
    state: State
    is_changed: bool
    title: str
    slug: str
    path: str
    url: str
    excerpt: str
    authors: str
    published_at: Moment | None
    modified_at: Moment
    word_count: Count


class EntryPage(TypedDict):
    """Entries, the latest change first; `next` is the cursor of those that follow, empty at the end."""

    entries: list[EntryCard]
    next: str


class EntryQuery(TypedDict, total=False):
    """Which entries are wanted; deleted ones only by their state."""

    state: State
    kind: Kind
    tag: Annotated[str, Limits(maxLength=120, description="The slug of a tag.")]
    author: Annotated[str, Limits(maxLength=120, description="The slug of an author.")]
    q: Annotated[Words, Limits(description="Words that the title or slug has.")]
    after: Cursor
    limit: Limit


class Entry(TypedDict):
    """An entry as its author sees it: with what is written over it and not published yet, if `is_changed`."""

    id: Id
    version: Annotated[Count, Limits(description="Counts every change; the ETag is this number.")]
    kind: Kind
    state: State
    is_changed: bool
    title: str
    subtitle: str
    slug: str
    path: str | None
    url: str | None
    source: str
    html: str
    front_matter: str
    tags: list[str]
    series: str
    series_position: int | None
    description: str
    language: str
    canonical_url: str
    link_url: str
    authors: list[str]
    cover: Hash | None
    cover_alt: str
    comments_open: bool | None
    published_at: Moment | None
    updated_at: Moment | None
    modified_at: Moment
    word_count: Count
    reading_minutes: Count
    notes: Annotated[list[str], Limits(description="What had to be decided about what was sent.")]


class Publication(TypedDict, total=False):
    """When an entry is shown to readers, and whether lists and feeds have it."""

    at: Annotated[
        Clock | None,
        Limits(description="Past or to come. Left out: the date that it has, if any, else now. null: at once."),
    ]
    is_listed: bool


class MarkdownFile(TypedDict):
    """A whole text with its front matter, and the stored files that its own references mean."""

    markdown: Annotated[str, Limits(maxLength=4 * 2**20, description="Front matter and Markdown.")]
    name: NotRequired[
        Annotated[str, Limits(pattern="^[^/]{1,200}$", description="The file's name; it may begin with a date.")]
    ]
    media: NotRequired[
        Annotated[
            dict[str, Hash],
            Limits(maxProperties=1000, description="Hashes of stored files by how the text refers to them."),
        ]
    ]


class FileQuery(TypedDict, total=False):
    """How a file becomes an entry."""

    state: Annotated[
        Literal["draft", "published", "unlisted"],
        Limits(description="By default what its front matter says, else published."),
    ]
    at: Clock
    dry_run: Annotated[bool, Limits(description="Only say what would be done.")]


class FileOutcome(TypedDict):
    """What has become of a file."""

    outcome: Literal["created", "changed", "unchanged"]
    warnings: list[str]
    entry: Entry


class Copy(TypedDict):
    """What is written over an entry that readers see, in short."""

    saved_at: Moment
    differs: Annotated[list[str], Limits(description="The fields that say something else than readers see.")]


class Advice(TypedDict):
    """One thing to look at before publishing."""

    kind: str
    message: str
    line: int | None


class Report(TypedDict):
    """What would be worth a look, and about how much a reader has to load."""

    checks: list[Advice]
    weight_bytes: int


class Html(TypedDict):
    """A whole page."""

    html: str


class RevisionCard(TypedDict):
    """A former text in the list of them."""

    number: int
    title: str
    length: int
    reason: str
    is_public: bool
    author: str
    created_at: Moment


class RevisionList(TypedDict):
    """What an entry used to say, the latest first."""

    revisions: list[RevisionCard]


class Revision(TypedDict):
    """A former text."""

    number: int
    title: str
    front_matter: str
    source: str
    reason: str
    is_public: bool
    created_at: Moment


class NewShareLink(TypedDict, total=False):
    """How long a link works; without days until it is withdrawn."""

    days: Annotated[int, Limits(minimum=min(DAYS), maximum=max(DAYS), description="1, 7 or 30.")] | None


class ShareLink(TypedDict):
    """A link that shows an entry before it is public, to whoever has it."""

    number: int
    path: str
    url: str
    created_at: Moment
    expires_at: Moment | None


class ShareLinkList(TypedDict):
    """The links that work at the moment."""

    links: list[ShareLink]
