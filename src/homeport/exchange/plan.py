"""Where every text of a folder will live, decided before anything is rendered, so that each is rendered once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from homeport.exchange.post import ImportedPost
from homeport.site.permalinks import Permalinks, is_reserved

_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Memory:
    """What an export knows of an entry beside its text and description: rows that come back as they were."""

    columns: Mapping[str, Any]
    imported_as: tuple[str, str, str] | None
    revisions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A text with the slug and address it gets; `entry_id` is set when it is on the site already."""

    post: ImportedPost
    slug: str
    address: str | None
    entry_id: int | None = None
    kept: frozenset[str] = frozenset()
    """Fields of an entry that is on the site already which are not to be changed."""
    memory: Memory | None = None


@dataclass(slots=True)
class AddressBook:
    """The slugs and addresses that are taken, and the way new ones are found."""

    permalinks: Permalinks
    post_slugs: set[str]
    page_slugs: set[str]
    addresses: set[str]
    now: datetime
    """The moment, by the database's clock, at which texts appear that are public and say no date."""
    _last_number: dict[str, int] = field(default_factory=dict)

    def settle(self, post: ImportedPost) -> PlannedPost:
        """Give a text a free slug and address: the one it wants, or that with the first number that makes it free."""
        if post.state != "draft" and post.published_at is None:
            post = replace(post, published_at=self.now)
        slug = post.slug
        if post.second_slug and not self._is_free(post, slug) and self._is_free(post, post.second_slug):
            slug = post.second_slug
        # Remembered, because a folder with ten thousand files of one name must not cost fifty million tries.
        number = self._last_number.get(slug, 1)
        while not self._is_free(post, slug):
            number += 1
            slug = f"{post.slug}-{number}"
            self._last_number[post.slug] = number
        address = self._address(post, slug)
        self._slugs(post).add(slug)
        if address:
            self.addresses.add(address)
        return PlannedPost(post, slug, address)

    def release(self, kind: str, slug: str, address: str | None) -> None:
        """Make a slug and an address free again that belong to an entry which is about to be settled anew."""
        (self.page_slugs if kind == "page" else self.post_slugs).discard(slug)
        self.addresses.discard(address or "")

    def _is_free(self, post: ImportedPost, slug: str) -> bool:
        address = self._address(post, slug)
        if address and is_reserved(address):
            return False
        return slug not in self._slugs(post) and address not in self.addresses

    def _address(self, post: ImportedPost, slug: str) -> str | None:
        return f"/{slug}" if post.kind == "page" else self.permalinks.path(slug, post.published_at)

    def _slugs(self, post: ImportedPost) -> set[str]:
        return self.page_slugs if post.kind == "page" else self.post_slugs


def in_order(posts: Iterable[ImportedPost]) -> list[ImportedPost]:
    """Return the texts by date, then by path: the oldest has the first right to a slug, and ids follow time.

    A translation comes after its original of the same date.
    """
    return sorted(posts, key=lambda post: (post.published_at or _FIRST, bool(post.second_slug), post.path))
