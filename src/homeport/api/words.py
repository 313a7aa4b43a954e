"""The kinds of values that fields of the API have, with the limits that the studio's forms have."""

from datetime import datetime
from typing import Annotated, Literal

from homeport.api.schema import Limits
from homeport.blog.forms import MOST_LINE, MOST_SOURCE, MOST_TEXT, MOST_TITLE

Id = Annotated[str, Limits(format="uuid")]
Moment = Annotated[str, Limits(format="date-time")]
Hash = Annotated[str, Limits(pattern="^[0-9a-f]{32}$", description="The hash by which a file is known.")]

Title = Annotated[str, Limits(maxLength=MOST_TITLE)]
Line = Annotated[str, Limits(maxLength=MOST_TEXT)]
Name = Annotated[
    str,
    Limits(
        minLength=1,
        maxLength=MOST_LINE,
        pattern="^[^,]+$",
        description=f"A name of at most {MOST_LINE} characters, without a comma.",
    ),
]
Slug = Annotated[str, Limits(maxLength=120, description="Small letters, digits and hyphens.")]
Source = Annotated[str, Limits(maxLength=MOST_SOURCE, description="Markdown.")]
Words = Annotated[str, Limits(maxLength=200)]
Path = Annotated[
    str,
    Limits(maxLength=500, pattern="^/[^/\\\\]", description="A path of this site such as /old/page."),
]

Kind = Literal["article", "note", "link", "quote", "page"]
State = Literal["draft", "scheduled", "published", "unlisted", "deleted"]

Count = Annotated[int, Limits(minimum=0, maximum=2**31 - 1)]
Limit = Annotated[int, Limits(minimum=1, maximum=100, description="How many at most; 40 if nothing is said.")]
Cursor = Annotated[str, Limits(maxLength=200, description="What the page before said as `next`.")]

DEFAULT_LIMIT = 40


def written(moment: datetime | None) -> str | None:
    """Return a moment as RFC 3339 writes it."""
    return moment.isoformat() if moment else None
