"""The same made-up blog for every measurement: posts of about 6 KB of Markdown with code, lists, links and tables."""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from homeport.blog.actions import AuthorInput, EntryInput, create_entry

WORDS = [
    "latency",
    "socket",
    "garden",
    "compiler",
    "river",
    "thread",
    "evening",
    "bread",
    "letter",
    "mountain",
    "cache",
    "index",
    "author",
    "window",
    "rain",
    "paper",
    "server",
    "reader",
    "morning",
    "coffee",
    "deploy",
    "table",
    "note",
    "backup",
    "simple",
    "careful",
    "honest",
    "quiet",
    "small",
    "slow",
    "kernel",
    "buffer",
    "because",
    "although",
    "therefore",
    "sometimes",
    "already",
    "nearly",
    "finally",
    "under",
    "over",
    "with",
    "without",
    "before",
    "after",
    "between",
    "through",
]
FIRST_DAY = datetime(2024, 1, 1, 8, tzinfo=UTC)
BYTES = 6 * 1024


def sentence(chance: random.Random) -> str:
    """Return a sentence that means nothing."""
    words = chance.choices(WORDS, k=chance.randint(7, 16))
    return " ".join(words).capitalize() + "."


def markdown(number: int, size: int = BYTES) -> str:
    """Return the text of post `number`, of about `size` bytes; always the same for the same number."""
    chance = random.Random(number)
    parts: list[str] = []
    while sum(map(len, parts)) < size:
        parts.append(" ".join(sentence(chance) for _ in range(5)) + f" See [the docs](https://example.org/{number}).\n")
        parts.append(f"## {sentence(chance)[:-1]}\n")
        parts.append("\n".join(f"- {sentence(chance)}" for _ in range(4)) + "\n")
        names = chance.choices(WORDS, k=3)
        parts.append(
            f"```python\ndef {names[0]}(items: list[int], limit: int = {number}) -> int:\n"
            f"    # {names[1]} before {names[2]}\n"
            f'    return sum(item for item in items if item < limit and "{names[1]}")\n```\n'
        )
    return "\n".join(parts)


def fill(session: Session, posts: int) -> None:
    """Write that many posts, one each day, with tags, a series and an author."""
    for number in range(posts):
        create_entry(
            session,
            EntryInput(
                title=f"Post {number}: {sentence(random.Random(-number))[:-1]}",
                subtitle=sentence(random.Random(-number - 1)),
                slug=f"post-{number}",
                source=markdown(number),
                state="published",
                published_at=FIRST_DAY + timedelta(days=number),
                authors=(AuthorInput("Ada Example"),),
                tags=(f"Subject {number % 7}", "Everything"),
                series="The long one" if number % 5 == 0 else "",
                series_position=number // 5,
            ),
        )
