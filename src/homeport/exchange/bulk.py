"""New entries straight into their tables, with the fewest statements: an import writes hundreds a second.

It leaves the same rows behind as `blog.actions.create_entry`, to which a test holds it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    delete,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from homeport.accounts.actions import author_number
from homeport.blog.actions import EntryInput
from homeport.blog.models import Byline, Entry, EntryTag, Reference
from homeport.blog.rendering import Target
from homeport.blog.taxonomy import series_number, tag_number
from homeport.blog.versions import EntryRevision
from homeport.db.prepared import PreparedStatement
from homeport.exchange.models import ImportedFile
from homeport.site.models import Gone, Redirect
from homeport.text.markdown import RENDERER_VERSION, Heading

PLAIN_COLUMNS = (
    "kind",
    "title",
    "subtitle",
    "slug",
    "state",
    "published_at",
    "updated_at",
    "language",
    "canonical_url",
    "link_url",
    "description",
    "series_position",
    "cover_media_id",
    "cover_alt",
    "feed_id",
    "comments_open",
    "front_matter",
    "source",
)
MADE_COLUMNS = ("path", "series_id", "html", "html_version", "outline", "excerpt", "word_count", "dropped")
DEFAULTS = (
    ("public_id", Uuid, func.gen_random_uuid()),
    ("created_at", DateTime(timezone=True), func.now()),
    ("modified_at", DateTime(timezone=True), func.now()),
)
FILE_FACTS = ("digest", "entry_id", "imported_at")
REDIRECT_ENDS = ("entry_id", "tag_id", "series_id", "target")
MAX_TARGET_BYTES = 2000
"""Longer targets lead to nothing here and would not fit into an index of PostgreSQL."""

_REVISIONS = insert(EntryRevision)


def _array(name: str, of: type[TypeEngine[Any]]) -> ColumnElement[Any]:
    return cast(bindparam(name, type_=ARRAY(of)), ARRAY(of))


def _numbered(model: type[Byline] | type[EntryTag], stored: CTE, key: str) -> CTE:
    """Give the entry a row of `model` for each number in the parameter `key`, in their order."""
    rows = func.unnest(_array(f"{key}s", BigInteger)).table_valued(key, with_ordinality="place").render_derived()
    chosen = select(stored.c.id, rows.c[key], rows.c.place - 1).join_from(stored, rows, true())
    return insert(model).from_select(["entry_id", key, "position"], chosen).cte(f"with_{key}")


def _referring(stored: CTE) -> CTE:
    """Give the entry its references: the parameters are as many lists as the table has columns."""
    names = ("kind", "target", "to_entry_id", "to_media_id")
    types = (Text, Text, BigInteger, BigInteger)
    lists = [_array(f"references_{name}", of) for name, of in zip(names, types, strict=True)]
    rows = func.unnest(*lists).table_valued(*names).render_derived()
    chosen = select(stored.c.id, *(rows.c[name] for name in names)).join_from(stored, rows, true())
    return insert(Reference).from_select(["entry_id", *names], chosen).cte("referring")


def _imported(stored: CTE) -> CTE:
    """Note which file the entry was, when the parameter `file_label` says so."""
    names = ("label", "path", "digest")
    chosen = select(*(cast(bindparam(f"file_{name}"), Text) for name in names), stored.c.id)
    wanted = chosen.where(bindparam("file_label", type_=Text).is_not(None))
    return _replacing(insert(ImportedFile).from_select([*names, "entry_id"], wanted), names[:2], FILE_FACTS).cte("file")


def _redirecting(stored: CTE) -> CTE:
    """Make the paths in the parameter `old_paths` lead to the entry."""
    rows = func.unnest(_array("old_paths", Text)).table_valued("path").render_derived()
    chosen = select(rows.c.path, stored.c.id).join_from(stored, rows, true())
    return _replacing(insert(Redirect).from_select(["path", "entry_id"], chosen), ("path",), REDIRECT_ENDS).cte("past")


def _replacing(statement: Insert, key: tuple[str, ...], columns: tuple[str, ...]) -> Insert:
    values = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=key, set_=values)


def _whole_entry() -> Select[int, str]:
    """Return the one statement that stores an entry with all that belongs to it and tells its number.

    The commit that follows does not wait for the disk.
    """
    values: dict[str, Any] = {name: bindparam(name) for name in (*PLAIN_COLUMNS, *MADE_COLUMNS)}
    defaults = {name: func.coalesce(bindparam(name, type_=kind), made) for name, kind, made in DEFAULTS}
    stored = insert(Entry).values(values | defaults).returning(Entry.id).cte("stored")
    names = (_numbered(Byline, stored, "author_id"), _numbered(EntryTag, stored, "tag_id"))
    parts = (*names, _referring(stored), _imported(stored), _redirecting(stored))
    is_local = True
    return select(stored.c.id, func.set_config("synchronous_commit", "off", is_local)).add_cte(*parts)


_WHOLE_ENTRY = PreparedStatement("whole_entry", _whole_entry())
_FILE = _replacing(insert(ImportedFile), ("label", "path"), FILE_FACTS)
_REDIRECTS = _replacing(insert(Redirect), ("path",), REDIRECT_ENDS)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an entry comes from: its file, its former addresses, and columns of an entry that comes back."""

    imported_as: tuple[str, str, str] | None = None
    old_paths: tuple[str, ...] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the one statement that say so."""
        label, path, digest = self.imported_as or (None, None, None)
        file = {"file_label": label, "file_path": path, "file_digest": digest}
        columns = {name: str(value) if isinstance(value, UUID) else value for name, value in self.columns.items()}
        return {**file, "old_paths": list(self.old_paths), **columns}


@dataclass(slots=True)
class Names:
    """The numbers of authors, tags and series, looked up once an import and not once an entry."""

    authors: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    series: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Names":
        """Return names to fill in a transaction: what it makes is lost when it fails."""
        return Names(dict(self.authors), dict(self.tags), dict(self.series))


def insert_entry(session: Session, given: EntryInput, path: str | None, names: Names, provenance: Provenance) -> int:
    """Store a new entry that is rendered already and has its final address; return its number."""
    authors = _numbers(session, [author.name for author in given.authors], names.authors, author_number)
    tags = _numbers(session, given.tags, names.tags, tag_number)
    series = _numbers(session, [given.series] if given.series else [], names.series, series_number)
    values: dict[str, Any] = {name: None for name, _, _ in DEFAULTS}
    values |= {name: getattr(given, name) for name in PLAIN_COLUMNS}
    values |= {"path": path, "series_id": next(iter(series), None), "author_ids": authors, "tag_ids": tags}
    values |= _rendering(given) | _references(given) | provenance.parameters()
    entry_id: int = _WHOLE_ENTRY.execute(session.connection(), values).scalar_one()
    return entry_id


def insert_revisions(session: Session, entry_id: int, revisions: Iterable[Mapping[str, Any]]) -> None:
    """Store what an entry said in former times."""
    rows = [{"entry_id": entry_id, "number": number, **revision} for number, revision in enumerate(revisions, 1)]
    if rows:
        session.connection().execute(_REVISIONS, rows)


def insert_file(session: Session, label: str, path: str, digest: str, entry_id: int) -> None:
    """Note which entry a file became, and by which bytes."""
    values = {"label": label, "path": path, "digest": digest, "entry_id": entry_id}
    session.connection().execute(_FILE, values)


def insert_redirects(session: Session, paths: Iterable[str], entry_id: int) -> None:
    """Make former addresses lead to an entry, whatever they led to before."""
    nothing = {"tag_id": None, "series_id": None, "target": None}
    rows = [{"path": path, "entry_id": entry_id, **nothing} for path in paths]
    if rows:
        session.connection().execute(_REDIRECTS, rows)


def forget_past(session: Session, path: str) -> None:
    """Let an address lead to the entry that lives there now."""
    session.execute(delete(Redirect).where(Redirect.path == path))
    session.execute(delete(Gone).where(Gone.path == path))


def _numbers(
    session: Session, titles: Iterable[str], known: dict[str, int], number: Callable[[Session, str], int]
) -> list[int]:
    """Return the numbers of what these titles name, each once."""
    for title in titles:
        if title not in known:
            known[title] = number(session, title)
    return list(dict.fromkeys(known[title] for title in titles))


def _rendering(given: EntryInput) -> dict[str, Any]:
    rendered = given.rendered
    assert rendered is not None
    return {
        "html": rendered.html,
        "html_version": RENDERER_VERSION,
        "outline": json.dumps([_plain(heading) for heading in rendered.outline]),
        "excerpt": rendered.excerpt,
        "word_count": rendered.word_count,
        "dropped": json.dumps(rendered.dropped),
    }


def _plain(heading: Heading) -> dict[str, Any]:
    # `asdict` copies all that it finds, which takes ten times as long.
    return {"level": heading.level, "id": heading.id, "text": heading.text}


def _references(given: EntryInput) -> dict[str, list[Any]]:
    assert given.rendered is not None
    fitting = [key for key in dict.fromkeys(given.rendered.references) if len(key[1].encode()) <= MAX_TARGET_BYTES]
    ends = [given.targets.get(key, Target()) for key in fitting]
    return {
        "references_kind": [kind for kind, _ in fitting],
        "references_target": [target for _, target in fitting],
        "references_to_entry_id": [end.entry_id for end in ends],
        "references_to_media_id": [end.media_id for end in ends],
    }
