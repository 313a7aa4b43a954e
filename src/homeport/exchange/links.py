"""What a link or image in somebody's Markdown means: another text, a file of the folder, or nothing that is here."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol
from urllib.parse import unquote, urljoin, urlsplit

from homeport.blog.written_places import list_address
from homeport.exchange.dialects import Origin, is_markdown
from homeport.site.permalinks import is_reserved
from homeport.text.markdown import Resolved
from homeport.text.templates import named_text, plain_target

ASSET_FOLDERS = ("", "static/", "assets/", "public/", "content/", "static/images/", "images/", "content/images/")


@dataclass(frozen=True, slots=True)
class Place:
    """An entry that links can lead to: by its file when it is imported, by its number when it is on the site."""

    address: str | None
    file: str = ""
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the folder that is no text."""

    path: str


class Nowhere(Enum):
    """Why a target leads to nothing here."""

    ELSEWHERE = "it names another site, or a part of the same page"
    MISSING = "it leads to nothing that is here"
    OUTSIDE = "it leads out of the folder"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is on the site already."""

    media_id: int
    shown: Resolved


Meaning = Place | Asset | Stored | Nowhere


class Meanings(Protocol):
    """Whoever knows what the links and images of a folder mean."""

    def meaning(self, kind: str, target: str, file: str) -> Meaning:
        """Say what `target` means where it is written in `file`."""
        ...


_PELICAN_PREFIX = re.compile(r"[{|](filename|static|attach|index)[}|]")
_TEXT_ENDINGS = ("", ".md", ".markdown", "/index.md", "/_index.md")


@dataclass(frozen=True, slots=True)
class Destinations:
    """All that links of one folder can lead to; it travels to the processes that render."""

    origin: Origin
    assets: frozenset[str]
    by_file: dict[str, Place] = field(default_factory=dict)
    by_address: dict[str, Place] = field(default_factory=dict)
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, place: Place, old_paths: Iterable[str] = ()) -> None:
        """Make a place known by its file and by every address it has or had; the first place at an address stays."""
        if place.file:
            self.by_file[place.file] = place
            self.bases[place.file] = tuple(old_paths)
        for address in (place.address, *old_paths):
            if address:
                self.by_address.setdefault(plain_address(address), place)

    def meaning(self, kind: str, target: str, file: str) -> Meaning:
        """Say what `target` means where it is written in `file`; a cover or image can only be a file."""
        found = self._meaning(target, file)
        return Nowhere.MISSING if kind == "image" and isinstance(found, Place) else found

    def _meaning(self, target: str, file: str) -> Meaning:
        written = _without_templates(target)
        if name := named_text(written):
            return self._named(name, file)
        if listed := list_address(written):
            return Place(listed.partition("#")[0])
        written = _PELICAN_PREFIX.sub("", written)
        parts = _parts(written)
        if parts is None:
            return Nowhere.ELSEWHERE
        path, is_local = parts
        if not is_local:
            if not self._was_its_own(written):
                return Nowhere.ELSEWHERE
            path = unquote(urlsplit(written).path)
        if not path:
            return Nowhere.ELSEWHERE
        return self._find(path, file)

    def _was_its_own(self, written: str) -> bool:
        """Say whether a full address was one of the site that the folder was."""
        parts, own = urlsplit(written), urlsplit(self.origin.address)
        is_web = parts.scheme.lower() in ("", "http", "https") and bool(own.netloc)
        return is_web and parts.netloc.lower() == own.netloc.lower() and f"{parts.path}/".startswith(f"{own.path}/")

    def _find(self, path: str, file: str) -> Meaning:
        if path.startswith("@/"):
            return self.by_file.get(self.origin.content + path[2:]) or Nowhere.MISSING
        if path.startswith("/"):
            return self._from_root(path)
        for folder in _folders_around(file, self.origin):
            joined = posixpath.normpath(posixpath.join(folder, path))
            if joined.startswith("../"):
                continue
            if found := self._text(joined) or self._asset(joined):
                return found
        for base in self.bases.get(file, ()):
            if found := self._at_former_address(urljoin(base, path)):
                return found
        if _climbs_out(file, path):
            return Nowhere.OUTSIDE
        return self._asset_in_folders(path) or Nowhere.MISSING

    def _at_former_address(self, address: str) -> Place | Asset | None:
        """Return what was at an address: a text, or a file that was published beside one."""
        folder, name = posixpath.split(address)
        beside = self.by_address.get(plain_address(folder))
        asset = self._asset(posixpath.join(posixpath.dirname(beside.file), name)) if beside and name else None
        return self.by_address.get(plain_address(address)) or asset

    def _from_root(self, path: str) -> Meaning:
        base = self.origin.site.base
        below = path.removeprefix(base) if base and path.startswith(f"{base}/") else path
        found = (
            self._at_former_address(path)
            or (self._at_former_address(self.origin.beneath_base(path)) if base else None)
            or self._text(self.origin.content + below.strip("/"))
            or self._asset_in_folders(below.lstrip("/"))
        )
        if found:
            return found
        return Nowhere.ELSEWHERE if is_reserved(path) or path.strip("/") == "" else Nowhere.MISSING

    def _text(self, path: str) -> Place | None:
        """Return the text at a path inside the folder, with or without its ending, as a file or as a bundle."""
        stem = path.rstrip("/")
        return next((place for end in _TEXT_ENDINGS if (place := self.by_file.get(stem + end))), None)

    def _asset(self, path: str) -> Asset | None:
        return Asset(path) if path in self.assets else None

    def _asset_in_folders(self, path: str) -> Asset | None:
        normal = posixpath.normpath(path)
        return next((asset for folder in ASSET_FOLDERS if (asset := self._asset(folder + normal))), None)

    def _named(self, name: str, file: str) -> Meaning:
        """Find what a shortcode of Hugo or a tag of Jekyll names: a path, or just the name of a file."""
        name = name.partition("#")[0].rstrip("/")
        if not name:
            return self.by_file.get(file) or Nowhere.ELSEWHERE
        found = self._find(name, file)
        if isinstance(found, (Place, Asset)):
            return found
        if rooted := self._text(name) or self._asset(name):
            return rooted
        wanted = {name, *(f"{name}{end}" for end in _TEXT_ENDINGS)}
        by_name = (place for path, place in self.by_file.items() if any(path.endswith(f"/{each}") for each in wanted))
        return next(by_name, Nowhere.MISSING)


def destinations(origin: Origin, files: Mapping[str, object]) -> Destinations:
    """Return an empty set of destinations for a folder, which knows the folder's files already."""
    return Destinations(origin, frozenset(path for path in files if not is_markdown(path)))


def plain_address(address: str) -> str:
    """Return an address in the one spelling by which it is looked up: servers serve all of them alike."""
    path = re.sub(r"/index\.html?$", "/", address.partition("#")[0].partition("?")[0])
    return re.sub(r"\.html?$", "", path.rstrip("/")).casefold() or "/"


def _parts(written: str) -> tuple[str, bool] | None:
    """Return the decoded path of a target and whether it is on the same site; None when it is no address."""
    try:
        parts = urlsplit(written.strip())
    except ValueError:
        return None
    return unquote(parts.path), not (parts.scheme or parts.netloc)


def _without_templates(target: str) -> str:
    decoded = unquote(target) if "%7B" in target or "%7b" in target else target
    return plain_target(decoded).strip()


def _folders_around(file: str, origin: Origin) -> Iterator[str]:
    """Yield the folders that a relative path may start from: the file's own first, as Markdown editors see it."""
    folder = posixpath.dirname(file)
    yield folder
    name = posixpath.splitext(posixpath.basename(file))[0]
    # A browser resolves `../other/` against `/posts/this/`: the page's own folder, although the file is not in one.
    if name not in ("index", "_index"):
        yield posixpath.join(folder, name)
    if folder + "/" != origin.content:
        yield origin.content.rstrip("/")


def _climbs_out(file: str, path: str) -> bool:
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path)).startswith("../")
