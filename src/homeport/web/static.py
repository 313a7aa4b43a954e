"""Style sheets and the like: named by their content, compressed once, kept by browsers for ever."""

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import brotli
from flask import Blueprint, Response, request

from homeport.cache.encodings import choose_encoding
from homeport.errors import NotFoundError

FOLDER = Path(__file__).parent / "static"
IMMUTABLE = "public, max-age=31536000, immutable"
STYLE_SHEET = "site.css"
ADDED_STYLES = "theme.css"
"""A theme's file of this name is added to the style sheet, so that a page needs no second one."""

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""What a file is served as, by its ending; the system's own table differs from machine to machine."""

IMPORT = re.compile(rb'(\bfrom\s*|\bimport\s*\(?\s*)"\./([\w.-]+\.js)"')
"""Where a script names another one of the same folder."""


class StaticFile:
    """One file, named by its content; its encodings are made when somebody first asks for it."""

    def __init__(self, name: str, content: bytes, needs: tuple[str, ...] = ()) -> None:
        self.content = content
        self.needs = needs
        self.content_type = TYPES.get(Path(name).suffix, "application/octet-stream")
        self.hash = hashlib.sha256(content).hexdigest()[:16]

    @cached_property
    def bodies(self) -> dict[str, bytes]:
        """The content in each encoding it is sent in; the empty name is the content as it is."""
        if "charset" not in self.content_type:
            return {"": self.content}
        return {
            "br": brotli.compress(self.content, quality=11),
            "gzip": gzip.compress(self.content, 9, mtime=0),
            "": self.content,
        }


class StaticFiles:
    """The files of the built-in theme and of the author's theme folder, which wins where both have a name.

    The style sheet has variants: the author's accent colour is part of it, because pages may not carry styles.
    A script names the scripts that it imports by their content too, so browsers keep these as well.
    """

    def __init__(self, theme: Path | None) -> None:
        self._sources = {path.name: path for path in _files(FOLDER)}
        if theme is not None and (theme / "static").is_dir():
            self._sources.update({path.name: path for path in _files(theme / "static")})
        self._ready: dict[tuple[str, str], StaticFile] = {}

    def url(self, name: str, *, accent: str = "") -> str:
        """Return the path under which a file's present content is served."""
        return f"/static/{self.get(name, accent=accent).hash}/{name}"

    def get(self, name: str, *, accent: str = "") -> StaticFile:
        """Return a file by name.

        Raises NotFoundError.
        """
        accent = accent if name == STYLE_SHEET else ""
        found = self._ready.get((name, accent))
        if found is None:
            found = self._ready[name, accent] = self._load(name, accent)
        return found

    def needed_by(self, name: str) -> list[str]:
        """Return the names of the scripts that a script cannot start without, those they need included."""
        found = [name]
        for each in found:
            found += [needed for needed in self.get(each).needs if needed not in found]
        return found[1:]

    def _load(self, name: str, accent: str, importers: frozenset[str] = frozenset()) -> StaticFile:
        source = self._sources.get(name)
        if source is None:
            raise NotFoundError(f"there is no static file {name!r}")
        content = source.read_bytes()
        if name == STYLE_SHEET and ADDED_STYLES in self._sources:
            content += b"\n" + self._sources[ADDED_STYLES].read_bytes()
        if accent:
            content += f"\n:root{{--accent:{accent}}}\n".encode()
        return self._linked(name, content, importers | {name}) if source.suffix == ".js" else StaticFile(name, content)

    def _linked(self, name: str, content: bytes, importers: frozenset[str]) -> StaticFile:
        """Return a script whose imports have the addresses under which browsers keep them."""
        needs: list[str] = []

        def link(match: re.Match[bytes]) -> bytes:
            imported = match[2].decode()
            # Of two that import each other neither can be named by a content that has the other's name in it.
            if imported in importers or imported not in self._sources:
                return match[0]
            if b"(" not in match[1]:
                needs.append(imported)
            if (imported, "") not in self._ready:
                self._ready[imported, ""] = self._load(imported, "", importers)
            return match[1] + f'"{self.url(imported)}"'.encode()

        return StaticFile(name, IMPORT.sub(link, content), tuple(needs))


def make_blueprint(files: StaticFiles, accent: Callable[[], str]) -> Blueprint:
    """Return the route of the static files; `accent` says which accent colour the site has at the moment."""
    blueprint = Blueprint("static_files", __name__)

    @blueprint.get("/static/<hash_>/<name>")
    def static_file(hash_: str, name: str) -> Response:
        file = files.get(name)
        if file.hash != hash_ and name == STYLE_SHEET:
            file = files.get(name, accent=accent())
        encoding = choose_encoding(request.headers.get("Accept-Encoding", ""), file.bodies)
        response = Response(file.bodies[encoding], content_type=file.content_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        # An address of a former version still gets the present one, but nobody may keep it under that name.
        response.headers["Cache-Control"] = IMMUTABLE if file.hash == hash_ else "no-store"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.set_etag(f"{file.hash}{'-' if encoding else ''}{encoding}")
        response.make_conditional(request)
        return response

    return blueprint


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(".")]
