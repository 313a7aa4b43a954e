"""Rendering many texts in processes of their own, which know where everything will live and touch no database."""

import gc
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

from homeport.exchange.links import Asset, Meaning, Meanings, Nowhere, Place, Stored
from homeport.exchange.notices import FileRefusedError, Notice, shorten
from homeport.exchange.post import ImportedPost
from homeport.exchange.readers import MAX_FILE_BYTES, decode, digest_of
from homeport.exchange.tree import Tree
from homeport.media.errors import MediaRefusedError
from homeport.media.prepare import PreparedMedia, prepare
from homeport.text.markdown import Rendered, RenderOptions, Resolved, render
from homeport.text.templates import fragment_of

FEW = 12
"""Up to this many texts are rendered faster here than new processes are started."""

AT_ONCE = 4
"""So many texts are handed to a process in one message: the message costs more than what is in it."""

WAITING = 3
"""So many messages are under way for each process, lest one waits while a long text is rendered by another."""

_COLLECT_RARELY = (50_000, 20, 50)

_DROPPED = re.compile(r"line (\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RenderedPost:
    """A text as it goes into the database, and what its links and images mean."""

    post: ImportedPost
    front_matter: str
    source: str
    rendered: Rendered
    meanings: dict[tuple[str, str], Meaning]
    media: dict[str, PreparedMedia]
    cover: str
    warnings: tuple[Notice, ...]


@dataclass(slots=True)
class Renderer:
    """Renders the texts of one folder; one of these lives in each process."""

    tree: Tree
    meanings: Meanings
    options: RenderOptions
    max_media_bytes: int
    _shown: dict[str, Resolved | None] = field(default_factory=dict)

    def render(self, post: ImportedPost) -> RenderedPost:
        """Read a file again and render it.

        Raises FileRefusedError when the file is not the one that was planned.
        """
        data = self.tree.read(post.path, MAX_FILE_BYTES)
        if digest_of(data) != post.digest:
            raise FileRefusedError("changed while it was being imported; import again")
        front_matter, source = post.split(decode(data))
        return _OneText(self, post, front_matter, source).render()

    def shown(self, path: str, media: dict[str, PreparedMedia]) -> Resolved | None:
        """Return how a file of the folder is shown once it is stored; the first time its bytes go into `media`.

        Raises FileRefusedError or MediaRefusedError when it cannot be stored.
        """
        if path not in self._shown:
            prepared = self.prepare(path)
            media[path] = prepared
            self._shown[path] = as_shown(prepared)
        return self._shown[path]

    def prepare(self, path: str) -> PreparedMedia:
        """Return a file of the folder as it will be stored.

        Raises FileRefusedError or MediaRefusedError.
        """
        data = self.tree.read(path, self.max_media_bytes)
        return prepare(data, path.rpartition("/")[2], max_bytes=self.max_media_bytes, programs="remove")


def as_shown(prepared: PreparedMedia) -> Resolved:
    """Return how a prepared file will be shown; the twin of `resolved_media` for what is not stored yet."""
    kind = prepared.media_type.kind.value if prepared.media_type.kind in ("image", "video") else "download"
    path = f"/media/{prepared.hash}/{prepared.name}"
    return Resolved(url=path, width=prepared.width, height=prepared.height, kind=kind)


@dataclass(slots=True)
class _OneText:
    """The rendering of one text: what its references turned out to mean and what there is to say about them."""

    renderer: Renderer
    post: ImportedPost
    front_matter: str
    source: str
    meanings: dict[tuple[str, str], Meaning] = field(default_factory=dict)
    resolved: dict[tuple[str, str], Resolved | None] = field(default_factory=dict)
    media: dict[str, PreparedMedia] = field(default_factory=dict)
    warnings: list[Notice] = field(default_factory=list)

    def render(self) -> RenderedPost:
        cover = self._cover()
        options = replace(self.renderer.options, title=self.post.title or "")
        rendered = render(self.source, options=options, resolve=self.resolve)
        self.warnings += self._dropped(rendered.dropped)
        return RenderedPost(
            self.post,
            self.front_matter,
            self.source,
            rendered,
            self.meanings,
            self.media,
            cover,
            tuple(self.warnings),
        )

    def resolve(self, kind: str, target: str) -> Resolved | None:
        if (kind, target) not in self.resolved:
            self.resolved[kind, target] = self._resolve(kind, target)
        return self.resolved[kind, target]

    def _resolve(self, kind: str, target: str) -> Resolved | None:
        meaning = self.renderer.meanings.meaning(kind, target, self.post.path)
        self.meanings[kind, target] = meaning
        match meaning:
            case Place(address=address):
                return Resolved(url=address + fragment_of(target)) if address else None
            case Asset(path=path):
                return self._shown(path, kind, target)
            case Stored(shown=shown):
                return shown
            case Nowhere.MISSING | Nowhere.OUTSIDE:
                self._warn(target, f"the {kind} to {shorten(target)!r} is broken: {meaning.value}")
        return None

    def _shown(self, path: str, kind: str, target: str) -> Resolved | None:
        try:
            shown = self.renderer.shown(path, self.media)
            if path in self.media:
                removed = (f"{path} is stored without {what}" for what in self.media[path].removed)
                self.warnings += (Notice(self.post.path, None, reason) for reason in removed)
            return shown
        except (FileRefusedError, MediaRefusedError) as error:
            self.meanings[kind, target] = Nowhere.MISSING
            self._warn(target, f"{path} is not taken: {error}")
            return None

    def _cover(self) -> str:
        """Return the file of the folder that is the post's cover, or nothing."""
        target = self.post.cover
        meaning = self.renderer.meanings.meaning("image", target, self.post.path) if target else None
        if not isinstance(meaning, Asset):
            if meaning is not None:
                self.warnings.append(Notice(self.post.path, None, f"the cover {target!r} is not a file of the folder"))
            return ""
        shown = self._shown(meaning.path, "image", target)
        self.meanings.pop(("image", target), None)
        return meaning.path if shown and shown.kind == "image" else ""

    def _warn(self, target: str, reason: str) -> None:
        position = self.source.find(target)
        line = self.post.body_line + self.source.count("\n", 0, position) if position >= 0 else None
        self.warnings.append(Notice(self.post.path, line, reason))

    def _dropped(self, sentences: Iterable[str]) -> Iterator[Notice]:
        """Yield once what was left out of the HTML, with the first line: a table may have hundreds of styles."""
        lines: dict[str, list[int]] = defaultdict(list)
        for sentence in sentences:
            match = _DROPPED.fullmatch(sentence)
            lines[match[2] if match else sentence].append(int(match[1]) if match else 0)
        for reason, places in lines.items():
            more = f" ({len(places)} times, here first)" if len(places) > 1 else ""
            line = places[0] + self.post.body_line - 1 if places[0] else None
            yield Notice(self.post.path, line, reason + more)


Outcome = RenderedPost | FileRefusedError


def render_all(
    renderer: Renderer, posts: Iterable[ImportedPost], *, processes: int
) -> Iterator[tuple[ImportedPost, Outcome]]:
    """Yield every text with its rendering, or with why it cannot be rendered, in the given order, few at a time."""
    waiting = list(posts)
    if processes < 2 or len(waiting) <= FEW:
        yield from ((post, _attempt(renderer, post)) for post in waiting)
    else:
        yield from _render_in_pool(renderer, waiting, processes)


def collect_rarely() -> None:
    """Let the garbage collector of this process run seldom: an import frees nearly everything without it."""
    # What is loaded now stays until the end; the collector need not walk over it for every text.
    gc.freeze()
    gc.set_threshold(*_COLLECT_RARELY)


def _attempt(renderer: Renderer, post: ImportedPost) -> Outcome:
    try:
        return renderer.render(post)
    except FileRefusedError as error:
        return error
    except Exception as error:  # noqa: BLE001 - one text that the renderer chokes on must not stop the others
        return FileRefusedError(f"cannot be rendered ({type(error).__name__}: {error})")


def _render_in_pool(
    renderer: Renderer, posts: list[ImportedPost], processes: int
) -> Iterator[tuple[ImportedPost, Outcome]]:
    coming = deque(tuple(posts[start : start + AT_ONCE]) for start in range(0, len(posts), AT_ONCE))
    running: deque[tuple[tuple[ImportedPost, ...], Future[list[Outcome]]]] = deque()
    with _pool(renderer, processes) as pool:
        while coming or running:
            try:
                while coming and len(running) < WAITING * processes:
                    running.append((coming[0], pool.submit(_work, coming[0])))
                    coming.popleft()
                outcomes = running[0][1].result()
            except BrokenProcessPool:
                break
            yield from zip(running.popleft()[0], outcomes, strict=True)
        else:
            return
    if len(posts) == 1:
        yield posts[0], FileRefusedError("ends every process that tries to render it")
        return
    # One of those that were under way ended its process: each of them has to show itself in a process of its own.
    suspects = [post for together, _ in running for post in together] or coming.popleft()
    for suspect in suspects:
        yield from _render_in_pool(renderer, [suspect], 1)
    yield from _render_in_pool(renderer, [post for together in coming for post in together], processes)


@contextmanager
def _pool(renderer: Renderer, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Give processes that are forked from a fresh one: none of them inherits a database connection or a lock."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start, initargs=(renderer,)) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_renderer: Renderer


def _start(renderer: Renderer) -> None:
    global _renderer  # noqa: PLW0603 - a worker process has one renderer, handed over once and not with every text
    _renderer = renderer
    collect_rarely()


def _work(posts: tuple[ImportedPost, ...]) -> list[Outcome]:
    return [_attempt(_renderer, post) for post in posts]
