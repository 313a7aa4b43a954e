"""Bring in the pictures that entries show from other servers, so that readers are not sent there.

The entries' text stays as it is: the reference table says that the address leads to the stored file now.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urlsplit

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from homeport.blog.models import Entry, Reference
from homeport.blog.rendering import options_of, rerender_entries
from homeport.db.session import Database
from homeport.errors import HomeportError, UnavailableError
from homeport.media.errors import MediaTypeRefusedError
from homeport.media.prepare import PreparedMedia, prepare
from homeport.media.queries import map_sources
from homeport.media.store import DatabaseMediaStore
from homeport.media.types import Kind
from homeport.net.client import Fetched, fetch
from homeport.net.errors import HostUnavailableError
from homeport.site.actions import site_of

HOSTS_AT_ONCE = 4
ACCEPT = "image/avif,image/webp,image/svg+xml,image/*;q=0.9"
NOT_TRIED = "the server did not answer before, so it was not asked again."

Ask = Callable[[str], Fetched]


@dataclass(frozen=True, slots=True)
class RemoteImage:
    """A picture elsewhere, as the entries that show it write its address."""

    url: str
    targets: tuple[str, ...]
    entry_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What became of one picture: `stored`, `known` (it was here already) or `failed` with the reason."""

    url: str
    status: str
    entry_count: int
    path: str = ""
    reason: str = ""


def list_remote_images(connection: Connection) -> tuple[RemoteImage, ...]:
    """Return the pictures elsewhere that entries show, each once."""
    rows = connection.execute(
        select(Reference.target, Reference.entry_id)
        .join(Entry, Entry.id == Reference.entry_id)
        .where(Reference.kind == "image", Reference.to_media_id.is_(None), Entry.deleted_at.is_(None))
        .where(Reference.target.regexp_match("^(https?:)?//", "i"))
        .order_by(Reference.target, Reference.entry_id)
    )
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        found[_address(row.target)].append((row.target, row.entry_id))
    return tuple(
        RemoteImage(url, tuple(dict.fromkeys(t for t, _ in uses)), tuple(dict.fromkeys(i for _, i in uses)))
        for url, uses in found.items()
    )


def fetch_remote_images(database: Database, *, max_bytes: int, ask: Ask | None = None) -> Iterator[FetchOutcome]:
    """Fetch and store what entries show from elsewhere, and render these entries again; one transaction a picture.

    What cannot be had stays the link that it is. Yields what became of each picture as it is known.
    """
    with database.reader() as connection:
        images = list_remote_images(connection)
        known = map_sources(connection)
    for image in images:
        if image.url in known:
            with database.transaction() as session:
                _lead_to(session, image, known[image.url])
            yield FetchOutcome(image.url, "known", len(image.entry_ids))
    wanted = [image for image in images if image.url not in known]
    for image, result in _fetched(wanted, max_bytes, ask or _asker(max_bytes)):
        yield _stored(database, image, result)


def _asker(max_bytes: int) -> Ask:
    return lambda url: fetch(url, max_bytes=max_bytes, accept=ACCEPT)


def _stored(database: Database, image: RemoteImage, result: PreparedMedia | HomeportError) -> FetchOutcome:
    if isinstance(result, HomeportError):
        return FetchOutcome(image.url, "failed", len(image.entry_ids), reason=str(result))
    with database.transaction() as session:
        media = DatabaseMediaStore().keep(session, result, source_url=image.url)
        _lead_to(session, image, media.id)
        return FetchOutcome(image.url, "stored", len(image.entry_ids), path=media.path)


def _lead_to(session: Session, image: RemoteImage, media_id: int) -> None:
    session.execute(
        update(Reference)
        .where(Reference.kind == "image", Reference.target.in_(image.targets), Reference.to_media_id.is_(None))
        .values(to_media_id=media_id),
        execution_options={"synchronize_session": False},
    )
    rerender_entries(session, image.entry_ids, options_of(site_of(session)))


def _fetched(
    images: list[RemoteImage], max_bytes: int, ask: Ask
) -> Iterator[tuple[RemoteImage, PreparedMedia | HomeportError]]:
    """Ask several hosts at once, but each for one picture at a time, and none again that did not answer."""
    waiting: dict[str, deque[RemoteImage]] = defaultdict(deque)
    for image in images:
        waiting[urlsplit(image.url).netloc].append(image)
    with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE) as pool:

        def start(queue: deque[RemoteImage]) -> tuple[Future[PreparedMedia | HomeportError], RemoteImage]:
            image = queue.popleft()
            return pool.submit(_attempt, image.url, max_bytes, ask), image

        running = dict(start(queue) for queue in waiting.values())
        try:
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    image, result = running.pop(future), future.result()
                    yield image, result
                    queue = waiting[urlsplit(image.url).netloc]
                    if isinstance(result, UnavailableError):
                        yield from ((image, HostUnavailableError(NOT_TRIED)) for image in queue)
                    elif queue:
                        running.update([start(queue)])
        finally:
            # Whoever asked may have had enough of it: nothing new is started then.
            pool.shutdown(cancel_futures=True)


def _attempt(url: str, max_bytes: int, ask: Ask) -> PreparedMedia | HomeportError:
    try:
        return _picture(url, ask(url), max_bytes)
    except HomeportError as error:
        return error


def _picture(url: str, answer: Fetched, max_bytes: int) -> PreparedMedia:
    if answer.status == 429:
        raise HostUnavailableError("the server asks to come back later (429).")
    if answer.status != 200:
        raise MediaTypeRefusedError(f"the server answers {answer.status} and no picture.")
    prepared = prepare(answer.data, _name(url), max_bytes=max_bytes)
    if prepared.media_type.kind is not Kind.IMAGE:
        raise MediaTypeRefusedError(f"the server sends no picture but {prepared.media_type.name}.")
    return prepared


def _address(target: str) -> str:
    url = f"https:{target}" if target.startswith("//") else target
    return urldefrag(url).url


def _name(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2] or "picture"
