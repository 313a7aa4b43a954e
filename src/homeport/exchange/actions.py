"""Writing one imported text with all that belongs to it; none of this commits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sqlalchemy import BigInteger, Text, Update, bindparam, cast, func, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from homeport.blog.actions import LOADS, AuthorInput, EntryInput, update_entry
from homeport.blog.inputs import input_of
from homeport.blog.models import Entry, Reference
from homeport.blog.rendering import Target
from homeport.db.model import table_of
from homeport.exchange.bulk import Names, Provenance, insert_entry, insert_revisions
from homeport.exchange.plan import PlannedPost
from homeport.exchange.rendering import RenderedPost, as_shown
from homeport.media.prepare import PreparedMedia
from homeport.media.store import DatabaseMediaStore
from homeport.text.markdown import Rendered

IMPORT_REASON = "import"
UPDATABLE = frozenset(field.name for field in fields(EntryInput)) - {"slug"}

_DO_NOT_WAIT = text("set local synchronous_commit = off")
_WRITE_SOMETHING = text("select pg_logical_emit_message(true, 'homeport', 'import')")

_LINK: Mapping[str, type[TypeEngine[Any]]] = {
    "entry_id": BigInteger,
    "kind": Text,
    "target": Text,
    "to_entry_id": BigInteger,
    "to_media_id": BigInteger,
}


def _tie_up() -> Update:
    """Return the one statement that completes any number of references: its parameters are a list for each column."""
    reference = table_of(Reference)
    lists = (cast(bindparam(f"{name}s", type_=ARRAY(of)), ARRAY(of)) for name, of in _LINK.items())
    link = func.unnest(*lists).table_valued(*_LINK, name="link").render_derived()
    same = (reference.c[name] == link.c[name] for name in ("entry_id", "kind", "target"))
    return update(reference).where(*same).values(to_entry_id=link.c.to_entry_id, to_media_id=link.c.to_media_id)


_TIE_UP = _tie_up()


@dataclass(frozen=True, slots=True)
class StoredAsset:
    """A file of the folder that is stored now: its number, the path its entry was rendered with, and its path."""

    media_id: int
    shown: str
    path: str


@dataclass(frozen=True, slots=True)
class LateLink:
    """A reference whose target was not on the site yet when the text that has it was stored."""

    entry_id: int
    kind: str
    target: str
    to_entry_id: int | None = None
    to_media_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """What the references of one text lead to, and its cover, as rows of this site."""

    targets: Mapping[tuple[str, str], Target] = field(default_factory=dict)
    assets: Mapping[str, StoredAsset] = field(default_factory=dict)


def do_not_wait_for_disk(session: Session) -> None:
    """Let this transaction's commit return before it is on disk; the import's last one waits for all of them."""
    session.execute(_DO_NOT_WAIT)


def wait_for_disk(session: Session) -> None:
    """Let this transaction's commit wait until it and all before it are on disk, with or without changes."""
    session.execute(_WRITE_SOMETHING)


def store_asset(session: Session, prepared: PreparedMedia) -> StoredAsset:
    """Store a prepared file, or find it when it is here already, perhaps under another name."""
    kept = DatabaseMediaStore().keep_bytes(session, prepared)
    return StoredAsset(kept.id, as_shown(prepared).url, kept.path)


def store_post(
    session: Session, planned: PlannedPost, given: RenderedPost, ends: Ends, names: Names, provenance: Provenance
) -> int:
    """Store a new entry with its file and former addresses; return its number."""
    entry = _entry_input(planned, given, ends, _cover_of(given, ends))
    entry_id = insert_entry(session, entry, planned.address, names, provenance)
    if planned.memory:
        insert_revisions(session, entry_id, planned.memory.revisions)
    return entry_id


def update_post(session: Session, planned: PlannedPost, given: RenderedPost, ends: Ends) -> int:
    """Bring an entry up to date with its file; what it said before becomes a revision."""
    entry = session.get_one(Entry, planned.entry_id, options=LOADS)
    before = input_of(session, entry)
    silent = {"comments_open"} if planned.post.comments_open is None else set()
    kept = {name: getattr(before, name) for name in planned.kept & UPDATABLE | silent}
    if "cover" in planned.kept:
        kept["cover_media_id"] = before.cover_media_id
    wanted = _entry_input(planned, given, ends, _cover_of(given, ends))
    return update_entry(session, entry, replace(wanted, **kept), reason=IMPORT_REASON).id


def tie_up(session: Session, links: Iterable[LateLink]) -> None:
    """Complete references now that everything they lead to is on the site."""
    rows = [(link.entry_id, link.kind, link.target, link.to_entry_id, link.to_media_id) for link in links]
    if rows:
        lists = zip(*rows, strict=True)
        session.execute(_TIE_UP, {f"{name}s": list(values) for name, values in zip(_LINK, lists, strict=True)})


def _cover_of(given: RenderedPost, ends: Ends) -> int | None:
    return ends.assets[given.cover].media_id if given.cover else None


def _entry_input(planned: PlannedPost, given: RenderedPost, ends: Ends, cover_media_id: int | None) -> EntryInput:
    post = planned.post
    return EntryInput(
        title=post.title,
        source=given.source,
        kind=post.kind,
        subtitle=post.subtitle,
        slug=planned.slug,
        state=post.state,
        published_at=post.published_at,
        updated_at=post.updated_at,
        language=post.language,
        canonical_url=post.canonical_url,
        link_url=post.link_url,
        description=post.description,
        authors=tuple(AuthorInput(name) for name in post.authors),
        tags=post.tags,
        series=post.series,
        series_position=post.series_position,
        cover_media_id=cover_media_id,
        cover_alt=post.cover_alt if cover_media_id else "",
        feed_id=post.feed_id,
        comments_open=post.comments_open,
        front_matter=given.front_matter,
        targets=ends.targets,
        rendered=_with_paths(given.rendered, ends.assets.values()),
    )


def _with_paths(rendered: Rendered, assets: Iterable[StoredAsset]) -> Rendered:
    """Show files by the name they have here: a file that was here before kept its first name."""
    html = rendered.html
    for asset in assets:
        if asset.shown != asset.path:
            html = html.replace(asset.shown, asset.path)
    return replace(rendered, html=html)
