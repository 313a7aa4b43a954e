"""Writing rendered texts one transaction each, and tying their references together at the end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from homeport.blog.actions import catch_up_later, rerender
from homeport.blog.rendering import Target
from homeport.db.session import Database, Transactions
from homeport.errors import HomeportError, UnavailableError
from homeport.exchange.actions import (
    Ends,
    LateLink,
    StoredAsset,
    do_not_wait_for_disk,
    store_asset,
    store_post,
    tie_up,
    update_post,
    wait_for_disk,
)
from homeport.exchange.bulk import Names, Provenance, forget_past, insert_file, insert_redirects
from homeport.exchange.dialects import Origin
from homeport.exchange.links import Asset, Meaning, Place, Stored
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.plan import PlannedPost
from homeport.exchange.queries import list_loose_references
from homeport.exchange.rendering import RenderedPost, Renderer
from homeport.exchange.replaced_media import ReplacedFile, lead_to_new_bytes
from homeport.exchange.report import ImportReport
from homeport.media.actions import request_missing_variants_later
from homeport.media.errors import MediaRefusedError


@dataclass(slots=True)
class Writer:
    """Puts the texts of one folder on the site; `ids` says which file is which entry, as far as that is known."""

    database: Database
    renderer: Renderer
    origin: Origin
    label: str
    report: ImportReport
    ids: dict[str, int]
    redirects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    haunted: frozenset[str] = frozenset()
    """Addresses that led elsewhere, or to nothing any more, before this import."""
    names: Names = field(default_factory=Names)
    _assets: dict[str, StoredAsset] = field(default_factory=dict)
    _transaction: Transactions = field(init=False)
    _late: dict[str, list[tuple[int, str, str]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._transaction = self.database.transaction

    @contextmanager
    def on_one_connection(self) -> Iterator[None]:
        """Let all texts that are written meanwhile go through one connection, each in a transaction of its own."""
        with self.database.transactions() as self._transaction:
            yield
        self._transaction = self.database.transaction

    def write(self, planned: PlannedPost, text: RenderedPost) -> None:
        """Store one text with its media and redirects, or note in the report why that failed."""
        try:
            self._write_despite_a_cut(planned, text)
        except (HomeportError, SQLAlchemyError, ValueError) as error:
            if isinstance(error, UnavailableError):
                self._check_connection()
            self.report.skip(planned.post.path, f"cannot be stored: {_first_line(error)}")
        else:
            self.report.count(is_new=planned.entry_id is None)

    def finish(self, settled: Mapping[str, int], replaced: Iterable[ReplacedFile] = ()) -> None:
        """Complete references to texts that were stored later, and those of texts that did not change themselves."""
        with self.database.transaction() as session:
            links = [
                LateLink(entry_id, kind, target, to_entry_id=self.ids[file])
                for file, waiting in self._late.items()
                if file in self.ids
                for entry_id, kind, target in waiting
            ]
            wait_for_disk(session)
            tie_up(session, links)
            lead_to_new_bytes(session, self.renderer, replaced)
            catch_up_later(session)
            request_missing_variants_later(session)
        self._mend(settled)

    def _write_despite_a_cut(self, planned: PlannedPost, text: RenderedPost) -> None:
        try:
            self._write(planned, text)
        except UnavailableError:
            # A server that was started anew in the meantime is there again and knows nothing of this text.
            self._check_connection()
            self._write(planned, text)

    def _write(self, planned: PlannedPost, text: RenderedPost) -> None:
        file = planned.post.path
        names = self.names.copy()
        with self._transaction() as session:
            ends = self._ends(session, text)
            if planned.entry_id is None:
                entry_id = store_post(session, planned, text, ends, names, self._provenance(planned))
            else:
                entry_id = self._update(session, planned, text, ends)
            if planned.address in self.haunted:
                forget_past(session, planned.address or "")
        self.names = names
        self._assets.update(ends.assets)
        self.ids[file] = entry_id
        for key, meaning in text.meanings.items():
            if isinstance(meaning, Place) and key not in ends.targets:
                self._late[meaning.file].append((entry_id, *key))

    def _update(self, session: Session, planned: PlannedPost, text: RenderedPost, ends: Ends) -> int:
        do_not_wait_for_disk(session)
        entry_id = update_post(session, planned, text, ends)
        if imported_as := self._imported_as(planned):
            insert_file(session, *imported_as, entry_id)
        insert_redirects(session, self.redirects.get(planned.post.path, ()), entry_id)
        return entry_id

    def _provenance(self, planned: PlannedPost) -> Provenance:
        return Provenance(
            self._imported_as(planned),
            self.redirects.get(planned.post.path, ()),
            planned.memory.columns if planned.memory else {},
        )

    def _imported_as(self, planned: PlannedPost) -> tuple[str, str, str] | None:
        if planned.memory:
            return planned.memory.imported_as
        # An export is known again by the ids in its manifest, so its files need no row of their own.
        return (self.label, self.origin.inner(planned.post.path), planned.post.digest) if self.label else None

    def _ends(self, session: Session, text: RenderedPost) -> Ends:
        assets = {}
        for path in _asset_paths(text):
            # A process sends the bytes of a file once; the text they came with may have failed to be stored.
            assets[path] = self._assets.get(path) or store_asset(
                session, text.media.get(path) or self.renderer.prepare(path)
            )
        return Ends(dict(self._targets(text.meanings, assets)), assets)

    def _targets(
        self, meanings: Mapping[tuple[str, str], Meaning], assets: Mapping[str, StoredAsset]
    ) -> Iterable[tuple[tuple[str, str], Target]]:
        for key, meaning in meanings.items():
            if isinstance(meaning, Asset):
                yield key, Target(media_id=assets[meaning.path].media_id)
            elif isinstance(meaning, Stored):
                yield key, Target(media_id=meaning.media_id)
            elif isinstance(meaning, Place) and (entry_id := self._entry_id(meaning)):
                yield key, Target(entry_id=entry_id)

    def _entry_id(self, place: Place) -> int | None:
        return place.entry_id or self.ids.get(place.file)

    def _mend(self, settled: Mapping[str, int]) -> None:
        """Lead references of unchanged texts to what has only come into the folder now, and render those again."""
        files = {entry_id: file for file, entry_id in settled.items()}
        with self.database.reader() as connection:
            loose = list_loose_references(connection, files)
        with self.database.transaction() as session:
            found = [
                link
                for entry_id, kind, target in loose
                if (link := self._found_now(session, files[entry_id], LateLink(entry_id, kind, target)))
            ]
            tie_up(session, found)
            rerender(session, {link.entry_id for link in found})

    def _found_now(self, session: Session, file: str, link: LateLink) -> LateLink | None:
        meaning = self.renderer.meanings.meaning(link.kind, link.target, file)
        if isinstance(meaning, Place) and (to := self._entry_id(meaning)):
            return LateLink(link.entry_id, link.kind, link.target, to_entry_id=to)
        if isinstance(meaning, Asset):
            try:
                asset = store_asset(session, self.renderer.prepare(meaning.path))
            except (FileRefusedError, MediaRefusedError):
                return None
            return LateLink(link.entry_id, link.kind, link.target, to_media_id=asset.media_id)
        return None

    def _check_connection(self) -> None:
        """Tell a statement that PostgreSQL refused from a PostgreSQL that is away: only that ends the import."""
        with self.database.reader() as connection:
            connection.execute(select(1))


def _asset_paths(text: RenderedPost) -> Iterable[str]:
    paths = {meaning.path for meaning in text.meanings.values() if isinstance(meaning, Asset)}
    return sorted(paths | ({text.cover} if text.cover else set()))


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
