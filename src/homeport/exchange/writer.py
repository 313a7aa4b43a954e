"""Writing rendered texts one transaction each, and tying their references together at the end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from homeport.blog.actions import rerender
from homeport.blog.rendering import Target
from homeport.db.session import Database
from homeport.errors import HomeportError, UnavailableError
from homeport.exchange.actions import (
    LateLink,
    StoredAsset,
    do_not_wait_for_disk,
    lead_on,
    remember_file,
    store_asset,
    store_post,
    tie_up,
    update_post,
)
from homeport.exchange.links import Asset, Meaning, Place
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.plan import PlannedPost
from homeport.exchange.queries import list_loose_references
from homeport.exchange.rendering import RenderedPost, Renderer
from homeport.exchange.report import ImportReport
from homeport.media.errors import MediaRefusedError
from homeport.media.prepare import PreparedMedia


@dataclass(slots=True)
class Writer:
    """Puts the texts of one folder on the site; `ids` says which file is which entry, as far as that is known."""

    database: Database
    renderer: Renderer
    label: str
    report: ImportReport
    ids: dict[str, int]
    redirects: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keeps_cover: frozenset[str] = frozenset()
    _assets: dict[str, StoredAsset] = field(default_factory=dict)
    _late: dict[str, list[tuple[int, str, str]]] = field(default_factory=lambda: defaultdict(list))

    def write(self, planned: PlannedPost, text: RenderedPost) -> None:
        """Store one text with its media and redirects, or note in the report why that failed."""
        file = planned.post.path
        try:
            self._write(planned, text)
        except UnavailableError:
            raise
        except (HomeportError, SQLAlchemyError, ValueError) as error:
            self.report.skip(file, f"cannot be stored: {_first_line(error)}")
            return
        if planned.entry_id is None:
            self.report.imported += 1
        else:
            self.report.updated += 1

    def finish(self, settled: Mapping[str, int]) -> None:
        """Complete references to texts that were stored later, and those of texts that did not change themselves."""
        with self.database.transaction() as session:
            links = [
                LateLink(entry_id, kind, target, to_entry_id=self.ids[file])
                for file, waiting in self._late.items()
                if file in self.ids
                for entry_id, kind, target in waiting
            ]
            tie_up(session, links)
        self._mend(settled)

    def _write(self, planned: PlannedPost, text: RenderedPost) -> None:
        file = planned.post.path
        with self.database.transaction() as session:
            do_not_wait_for_disk(session)
            assets = {path: self._assets.get(path) or store_asset(session, self._prepared(path, text.media))
                      for path in _asset_paths(text)}
            targets = self._targets(text.meanings, assets)
            if planned.entry_id is None:
                entry_id = store_post(session, planned, text, targets, assets)
            else:
                keeps_cover = file in self.keeps_cover
                entry_id = update_post(session, planned, text, targets, assets, keeps_cover=keeps_cover)
            inner = self.renderer.destinations.origin.inner(file)
            remember_file(session, self.label, inner, planned.post.digest, entry_id)
            lead_on(session, self.redirects.get(file, ()), entry_id)
        self._assets |= assets
        self.ids[file] = entry_id
        for (kind, target), meaning in text.meanings.items():
            if isinstance(meaning, Place) and (kind, target) not in targets:
                self._late[meaning.file].append((entry_id, kind, target))

    def _prepared(self, path: str, media: Mapping[str, PreparedMedia]) -> PreparedMedia:
        # A process sends the bytes of a file once; the text they came with may have failed to be stored.
        return media.get(path) or self.renderer.prepare(path)

    def _targets(
        self, meanings: Mapping[tuple[str, str], Meaning], assets: Mapping[str, StoredAsset]
    ) -> dict[tuple[str, str], Target]:
        targets = {}
        for key, meaning in meanings.items():
            if isinstance(meaning, Asset):
                targets[key] = Target(media_id=assets[meaning.path].media_id)
            elif isinstance(meaning, Place) and (entry_id := meaning.entry_id or self.ids.get(meaning.file)):
                targets[key] = Target(entry_id=entry_id)
        return targets

    def _mend(self, settled: Mapping[str, int]) -> None:
        """Lead references of unchanged texts to what has only come into the folder now, and render those again."""
        files = {entry_id: file for file, entry_id in settled.items()}
        with self.database.reader() as connection:
            loose = list_loose_references(connection, files)
        if not loose:
            return
        with self.database.transaction() as session:
            links = []
            for entry_id, kind, target in loose:
                meaning = self.renderer.destinations.meaning(target, files[entry_id])
                if isinstance(meaning, Place) and (to := meaning.entry_id or self.ids.get(meaning.file)):
                    links.append(LateLink(entry_id, kind, target, to_entry_id=to))
                elif isinstance(meaning, Asset):
                    try:
                        asset = store_asset(session, self.renderer.prepare(meaning.path))
                    except (FileRefusedError, MediaRefusedError):
                        continue
                    links.append(LateLink(entry_id, kind, target, to_media_id=asset.media_id))
            tie_up(session, links)
            rerender(session, {link.entry_id for link in links})


def _asset_paths(text: RenderedPost) -> Iterable[str]:
    paths = {meaning.path for meaning in text.meanings.values() if isinstance(meaning, Asset)}
    return sorted(paths | ({text.cover} if text.cover else set()))


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
