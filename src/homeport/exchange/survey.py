"""Going through a folder's texts: which are new, which have changed, and which are here as they stand."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from homeport.exchange.dialects import Dialect, Origin, is_markdown
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.post import ENTRY_FIELDS, ImportedPost
from homeport.exchange.queries import CurrentEntry, KnownFile, find_current
from homeport.exchange.readers import MAX_FILE_BYTES, ReadFile, digest_of, read_file
from homeport.exchange.report import ImportReport
from homeport.exchange.tree import Tree

OTHER_MARKUP = (
    *(".rst", ".rest", ".ad", ".adoc", ".asciidoc", ".org", ".textile", ".mdx", ".ipynb", ".rmd", ".pandoc", ".pdc"),
    *(".wiki", ".creole"),
)
HTML_TEXTS = frozenset({Dialect.HUGO, Dialect.JEKYLL})
ADDRESS_FIELDS = frozenset({"kind", "slug", "state", "published_at"})
DELETED = "deleted here; --restore-deleted brings it back"
NOT_CONTENT = {
    Dialect.HUGO: ("archetypes", "layouts", "themes", "static", "assets", "public", "resources", "data", "i18n"),
    Dialect.ZOLA: ("templates", "themes", "static", "public", "sass"),
    Dialect.JEKYLL: ("_includes", "_layouts", "_sass", "_data", "_plugins", "assets"),
    Dialect.PELICAN: ("output", "themes", "plugins"),
}


@dataclass(frozen=True, slots=True)
class ChangedPost:
    """A text whose file differs from what was imported; `kept` names what the file says as it did before."""

    post: ImportedPost
    entry_id: int
    kept: frozenset[str]


@dataclass(slots=True)
class Survey:
    """The texts of a folder, sorted by what is to be done with them."""

    new: list[ImportedPost] = field(default_factory=list)
    changed: list[ChangedPost] = field(default_factory=list)
    settled: dict[str, KnownFile] = field(default_factory=dict)
    unchanged: dict[int, str] = field(default_factory=dict)
    """The texts that are here as they stand in the folder, by their entries."""
    moved: dict[str, str] = field(default_factory=dict)
    """Paths inside the folder of texts at which files are now that were elsewhere in it, and where they were."""
    wanted_back: set[int] = field(default_factory=set)
    """Entries that were deleted here and are to be brought back."""

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to write."""
        return not (self.new or self.changed)


class KnownFiles:
    """What was imported before: this folder's files by their path, and unchanged ones under whatever folder's name."""

    def __init__(self, label: str, files: Iterable[KnownFile], present: AbstractSet[str]) -> None:
        self._mine: dict[str, KnownFile] = {}
        self._by_content: dict[tuple[str, str], KnownFile] = {}
        for file in files:
            if file.label == label:
                self._mine[file.path] = file
            self._by_content[file.path, file.digest] = file
        self._lost: dict[str, list[KnownFile]] = {}
        for path in sorted(self._mine.keys() - present, reverse=True):
            self._lost.setdefault(self._mine[path].digest, []).append(self._mine[path])

    def find(self, path: str, digest: str = "") -> KnownFile | None:
        """Return what a file became; a folder that has been renamed is recognised by files that are still the same."""
        return self._mine.get(path) or self._by_content.get((path, digest))

    def take_lost(self, digest: str) -> KnownFile | None:
        """Return, only once, a file of this folder that was at another path, where there is none any more."""
        lost = self._lost.get(digest)
        return self._mine.pop(lost.pop().path) if lost else None

    def missing(self, paths: AbstractSet[str]) -> Iterator[str]:
        """Yield this folder's files that are on the site and not among `paths`."""
        return (path for path in sorted(self._mine.keys() - paths) if not self._mine[path].is_deleted)


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Reads the texts of one folder and compares them with what was imported before."""

    tree: Tree
    origin: Origin
    zone: ZoneInfo
    known: KnownFiles
    overwrite: bool
    report: ImportReport
    restore_deleted: bool = False

    def survey(self, connection: Connection) -> Survey:
        """Look at every text of the folder."""
        found = Survey()
        for path in self._texts():
            try:
                self._look(connection, path, found)
            except FileRefusedError as error:
                self.report.skip(path, str(error), error.line)
                if known := self.known.find(self.origin.inner(path)):
                    found.settled[path] = known
        for path in self.known.missing({self.origin.inner(path) for path in self.tree.files}):
            self.report.warn(path, "is no longer in the folder; its entry is still on the site")
        return found

    def cover_of(self, path: str) -> str:
        """Return what a text calls its cover, or nothing."""
        try:
            return self._read(path, self.tree.read(path, MAX_FILE_BYTES)).post.cover
        except FileRefusedError:
            return ""

    def _texts(self) -> Iterable[str]:
        for path in self.tree.files:
            if not path.startswith(self.origin.content) or _is_outside(path, self.origin):
                continue
            if is_markdown(path):
                yield path
            elif path.lower().endswith(OTHER_MARKUP) or self._is_html_text(path):
                self.report.skip(path, "is not Markdown; only Markdown is imported")

    def _is_html_text(self, path: str) -> bool:
        """Say whether a file is a text in HTML: Hugo and Jekyll tell these from other files by their front matter."""
        if self.origin.dialect not in HTML_TEXTS or not path.lower().endswith((".html", ".htm")):
            return False
        try:
            return self.tree.read(path, MAX_FILE_BYTES).startswith((b"---", b"+++", b"\xef\xbb\xbf---"))
        except FileRefusedError:
            return False

    def _look(self, connection: Connection, path: str, found: Survey) -> None:
        data = self.tree.read(path, MAX_FILE_BYTES)
        digest = digest_of(data)
        known = self.known.find(self.origin.inner(path), digest) or self._moved(path, digest, found)
        if known and known.is_deleted and not self.restore_deleted:
            self.report.skip(path, DELETED)
            found.settled[path] = known
            return
        if known and known.digest == digest and not known.is_deleted:
            self.report.unchanged += 1
            found.settled[path] = known
            found.unchanged[known.entry_id] = path
            return
        read = self._read(path, data)
        if known is None:
            self.report.warnings += read.warnings
            found.new.append(read.post)
            return
        current = find_current(connection, known.entry_id)
        is_edited = digest_of((current.front_matter + current.source).encode()) != known.digest
        if is_edited and not (self.overwrite or known.is_deleted):
            self.report.skip(path, "edited here")
            found.settled[path] = known
            return
        self.report.warnings += read.warnings
        found.wanted_back |= {known.entry_id} if known.is_deleted else set()
        changed = self._merge(read, known, current)
        found.changed.append(self._kept_back(changed, current) if is_edited else changed)

    def _moved(self, path: str, digest: str, found: Survey) -> KnownFile | None:
        known = self.known.take_lost(digest)
        if known:
            found.moved[self.origin.inner(path)] = known.path
        return known

    def _read(self, path: str, data: bytes) -> ReadFile:
        written = datetime.fromtimestamp(self.tree.files[path].stat().st_mtime, UTC)
        read = read_file(path, data, self.origin, self.zone, written)
        if self.origin.dialect == Dialect.JEKYLL and not read.front_matter and "/_posts/" not in f"/{path}":
            raise FileRefusedError("has no front matter, so it is no page of the Jekyll site")
        return read

    def _merge(self, read: ReadFile, known: KnownFile, current: CurrentEntry) -> ChangedPost:
        """Let the file change only what it says differently than before: all else may have been decided here."""
        before = self._read(read.post.path, (current.front_matter + current.source).encode()).post
        kept = frozenset(name for name in ENTRY_FIELDS if getattr(before, name) == getattr(read.post, name))
        address = {name: getattr(current, name) for name in ADDRESS_FIELDS & kept}
        return ChangedPost(replace(read.post, **address), known.entry_id, kept)

    def _kept_back(self, changed: ChangedPost, current: CurrentEntry) -> ChangedPost:
        """Let what was made a draft here stay one: its file said otherwise before that, and is the older word."""
        if current.state != "draft" or changed.post.state == "draft":
            return changed
        self.report.warn(changed.post.path, f"stays a draft, as it is here; `homeport publish {current.slug}` shows it")
        post = replace(changed.post, state="draft", published_at=current.published_at)
        return replace(changed, post=post, kept=changed.kept | {"state", "published_at"})


def _is_outside(path: str, origin: Origin) -> bool:
    """Say whether a file is the tool's own: a theme's manual is no post."""
    return origin.content == "" and path.partition("/")[0] in NOT_CONTENT.get(origin.dialect, ())
