"""Pictures and other files that have changed in the folder while the texts that show them have not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, update
from sqlalchemy.orm import Session

from homeport.blog.actions import rerender
from homeport.blog.models import Entry
from homeport.exchange.actions import LateLink, store_asset, tie_up
from homeport.exchange.links import Asset
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.queries import ShownMedia, list_covers, list_media_references
from homeport.exchange.rendering import Renderer
from homeport.exchange.report import ImportReport
from homeport.media.errors import MediaRefusedError
from homeport.media.prepare import PreparedMedia, content_hash

COVER = "cover"


@dataclass(frozen=True, slots=True)
class ReplacedFile:
    """A file whose bytes are not those that an entry shows; `kind` is the reference's, or says it is the cover."""

    entry_id: int
    kind: str
    target: str
    path: str


@dataclass(slots=True)
class MediaCheck:
    """Compares each file that an unchanged text refers to with what is stored of it, and each file once."""

    renderer: Renderer
    report: ImportReport
    _digests: dict[str, str] = field(default_factory=dict)

    def find(
        self, connection: Connection, files: Mapping[int, str], cover_of: Callable[[str], str]
    ) -> list[ReplacedFile]:
        """Return what is to be led to new bytes; `files` are the unchanged texts by their entries."""
        shown = [*list_media_references(connection, files), *_with_targets(connection, files, cover_of)]
        return [replaced for each in shown if (replaced := self._compare(each, files[each.entry_id]))]

    def _compare(self, shown: ShownMedia, file: str) -> ReplacedFile | None:
        kind = "image" if shown.kind == COVER else shown.kind
        meaning = self.renderer.meanings.meaning(kind, shown.target, file)
        if not isinstance(meaning, Asset):
            return None
        try:
            if self._digest(meaning.path) in (shown.hash, shown.original_hash):
                return None
            prepared = self.renderer.prepare(meaning.path)
        except (FileRefusedError, MediaRefusedError) as error:
            self.report.warn(file, f"{meaning.path} has changed and is not taken: {error}")
            return None
        if prepared.hash == shown.hash or not _is_its_cover(shown, prepared):
            return None
        return ReplacedFile(shown.entry_id, shown.kind, shown.target, meaning.path)

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            self._digests[path] = content_hash(self.renderer.tree.read(path, self.renderer.max_media_bytes))
        return self._digests[path]


def lead_to_new_bytes(session: Session, renderer: Renderer, replaced: Iterable[ReplacedFile]) -> None:
    """Store the files as they are now and show those."""
    changed = set()
    for each in replaced:
        asset = store_asset(session, renderer.prepare(each.path))
        if each.kind == COVER:
            session.execute(update(Entry).where(Entry.id == each.entry_id).values(cover_media_id=asset.media_id))
        else:
            tie_up(session, [LateLink(each.entry_id, each.kind, each.target, to_media_id=asset.media_id)])
            changed.add(each.entry_id)
    rerender(session, changed)


def _with_targets(
    connection: Connection, files: Mapping[int, str], cover_of: Callable[[str], str]
) -> Iterator[ShownMedia]:
    """Yield the covers with the names that the texts give them."""
    for entry_id, *media in list_covers(connection, files):
        if target := cover_of(files[entry_id]):
            yield ShownMedia(entry_id, COVER, target, *media)


def _is_its_cover(shown: ShownMedia, prepared: PreparedMedia) -> bool:
    """Say whether a medium can have been made of the file: a cover of another name was chosen here, and stays."""
    return shown.kind != COVER or shown.name == prepared.name
