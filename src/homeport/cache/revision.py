"""The content's revision: which changes readers can see, how many there were, and what each stored page depends on.

A transaction with such changes raises the revision once, when it commits (see the migration `0003`), and writes down
which keys have changed. Nothing here opens a connection: `listener.py` does, and tells what it has read. The tables are
in `models.py`, because stored pages are served before SQLAlchemy is loaded.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

EVERYTHING = "*"
"""The key that every page depends on."""

MARGIN_SECONDS = 0.05
"""How far this machine's idea of the database's time may be off."""

READ = """
    select revision.origin || '.' || 'content_revision'::regclass::oid, revision.revision,
        (select coalesce(jsonb_object_agg(key, change.revision), '{}') from content_change as change
            where change.revision > case when revision.origin || '.' || 'content_revision'::regclass::oid = %(origin)s
                then %(revision)s else -1 end),
        extract(epoch from clock_timestamp())::float8,
        (select extract(epoch from min(at))::float8 from (
            (select published_at as at from entry
                where state <> 'draft' and deleted_at is null and published_at > now() order by 1 limit 1)
            union all
            (select published_at + make_interval(days => comments_close_after_days) from site cross join lateral (
                select published_at from entry where state <> 'draft' and deleted_at is null
                and published_at > now() - make_interval(days => comments_close_after_days) order by 1 limit 1
            ) as closing where comments_close_after_days is not null)
        ) as coming)
    from content_revision as revision
"""
"""Reads what has changed since the revision that is known; one statement, so that all of it is of one moment."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What a page is of: a revision of a database, some keys (None: all), and until when nothing of it changes."""

    origin: str
    revision: int
    keys: tuple[str, ...] | None
    until: float


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of the content: its revision, what changed when, and when something will change by itself."""

    origin: str = ""
    revision: int = -1
    floor: int = 0
    changed: Mapping[str, int] = field(default_factory=dict)
    clock_offset: float = 0.0
    changes_at: float = inf
    """By the database's clock, in seconds since the epoch."""

    def after(self, row: tuple[Any, ...], *, now: float) -> "Knowledge":
        """Return what is known once `READ` has given this row at the moment `now` of the monotonic clock."""
        origin, revision, changes, clock, changes_at = row
        changed = {**(self.changed if origin == self.origin else {}), **changes}
        floor = changed.pop(EVERYTHING, self.floor if origin == self.origin else 0)
        return Knowledge(
            origin=origin,
            revision=revision,
            floor=floor,
            changed={key: at for key, at in changed.items() if at > floor},
            clock_offset=clock - now,
            changes_at=inf if changes_at is None else changes_at,
        )

    def tag(self, keys: tuple[str, ...] | None) -> Tag | None:
        """Return what a page has to carry that is rendered from now on; None when it could not be kept anyway.

        What is committed later may be on the page already, and marks it out of date nevertheless.
        """
        if not self.origin or self.is_over(self.changes_at):
            return None
        return Tag(self.origin, self.revision, keys, self.changes_at)

    def is_fresh(self, tag: Tag) -> bool:
        """Say whether a page with this tag is what would be rendered now."""
        return self.is_unchanged(tag) and not self.is_over(tag.until)

    def is_unchanged(self, tag: Tag) -> bool:
        """Say whether nothing of a page with this tag has been changed by anybody."""
        if tag.origin != self.origin or not self.floor <= tag.revision <= self.revision:
            return False
        if tag.keys is None:
            return tag.revision == self.revision
        return all(self.changed.get(key, 0) <= tag.revision for key in tag.keys)

    def is_over(self, moment: float) -> bool:
        """Say whether a moment of the database's clock has come, or is about to."""
        return time.monotonic() + self.clock_offset > moment - MARGIN_SECONDS
