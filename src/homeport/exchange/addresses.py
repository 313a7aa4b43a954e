"""The addresses a text had where it comes from: said in its front matter, or by its tool's habit."""

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote, urlsplit

from homeport.exchange.dates import without_date
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.fields import Fields
from homeport.exchange.patterns import fill_braces, fill_colons, names_of
from homeport.text.slugs import slugify

MAX_LENGTH = 1000
OWN_ADDRESS_KEYS = ("url", "permalink", "save_as")

_JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}


class AddressError(ValueError):
    """An address that cannot be one of this site's; the message says why."""


def own_address(fields: Fields, origin: Origin) -> str:
    """Return the address that the front matter gives the text itself, or an empty string."""
    keys = (*OWN_ADDRESS_KEYS, "path") if origin.dialect == Dialect.ZOLA else OWN_ADDRESS_KEYS
    written = fields.text(*keys)
    # A pattern such as /blog/:title/ or {slug}.html is for many texts; it says nothing about this one.
    is_style = origin.dialect == Dialect.JEKYLL and written in _JEKYLL_STYLES
    return "" if is_style or "{" in written or "/:" in written else written


def to_path(written: str, address: str = "") -> str:
    """Return an address as front matter writes it as a path from the root, decoded.

    Raises AddressError for other sites' addresses and for paths that climb, are too long or cannot be stored.
    """
    parts = urlsplit(written.strip())
    if parts.netloc and parts.netloc.lower() != urlsplit(address).netloc.lower():
        raise AddressError(f"{written!r} is an address of another site")
    if parts.query or (parts.scheme and not parts.netloc):
        raise AddressError(f"{written!r} is not a path; only paths can lead on")
    path = "/" + unquote(parts.path).lstrip("/")
    if ".." in path.split("/") or "\\" in path or not path.isprintable():
        raise AddressError(f"{written!r} is not a plain path")
    if len(path) > MAX_LENGTH:
        raise AddressError(f"the address {written[:40]!r}… is too long")
    return re.sub("/{2,}", "/", path)


def habitual_paths(path: str, origin: Origin, slug: str, date: datetime | None, fields: Fields) -> Iterator[str]:
    """Yield the paths at which the tool would have published the file when nothing in the file says otherwise."""
    folder, name = _place(path)
    match origin.dialect:
        case Dialect.ZOLA:
            yield posixpath.join("/", folder, slug or slugify(without_date(name)), "")
        case Dialect.HUGO:
            yield from _hugo_paths(path, origin, slug, date, fields)
        case Dialect.PELICAN:
            yield from _pelican_paths(path, origin, slug, date, fields)
        case Dialect.JEKYLL:
            yield from _jekyll_paths(path, origin, slug, date, fields)


def feed_id(origin: Origin, path: str) -> str | None:
    """Return the id that the former site's feed gave the text, for tools that use its full address."""
    if not origin.address or origin.dialect in (Dialect.PLAIN, Dialect.PELICAN, Dialect.HOMEPORT):
        return None
    return origin.root + (path.removesuffix(".html") if origin.dialect == Dialect.JEKYLL else path)


def _place(path: str) -> tuple[str, str]:
    """Return the folder and the name that a text has for its tool: a bundle's name is its folder's."""
    folder, file = posixpath.split(path)
    name = posixpath.splitext(file)[0]
    return posixpath.split(folder) if name in ("index", "_index") else (folder, name)


def _hugo_paths(path: str, origin: Origin, slug: str, date: datetime | None, fields: Fields) -> Iterator[str]:
    folder, name = _place(path)
    section = folder.partition("/")[0].lower()
    pattern = "" if path.endswith("_index.md") else origin.site.patterns.get(section, "")
    places = {"section": section, "sections": folder.lower()}
    title = fields.text("title")
    # Hugo writes letters as they are, its themes often without their accents.
    names = names_of(title, name, slug)
    made = fill_colons(pattern, names | places, date) if pattern else ""
    if not made:
        yield posixpath.join("/", folder.lower(), slug or re.sub(r"\s+", "-", name.lower()), "")
        return
    yield made if made.endswith((".html", "/")) else f"{made}/"
    plain = {key: slugify(value) for key, value in names.items()}
    if plain != names:
        yield fill_colons(pattern, plain | places, date)


def _pelican_paths(path: str, origin: Origin, slug: str, date: datetime | None, fields: Fields) -> Iterator[str]:
    folder, name = posixpath.split(path)
    kind = "page" if folder.partition("/")[0] == "pages" else "article"
    category = fields.text("category") or posixpath.basename(folder) or "misc"
    author = next(iter(fields.items("authors", "author")), "")
    values = {
        "slug": slug or slugify(fields.text("title") or posixpath.splitext(name)[0]),
        "category": slugify(category),
        "author": slugify(author),
        "lang": fields.text("lang") or origin.site.language or "en",
        "path_no_ext": posixpath.splitext(path)[0],
    }
    patterns = [origin.site.patterns.get(f"{kind}_{key}", "") for key in ("url", "save_as")]
    usual = "pages/{slug}.html" if kind == "page" else "{slug}.html"
    for pattern in filter(None, patterns if any(patterns) else [usual]):
        if made := fill_braces(pattern, values, date):
            yield made.removesuffix("index.html") if made.endswith("/index.html") else made


def _jekyll_paths(path: str, origin: Origin, slug: str, date: datetime | None, fields: Fields) -> Iterator[str]:
    folder, name = _place(path)
    before, marker, _ = f"/{folder}/".partition("/_posts/")
    if marker and date is not None:
        categories = fields.items("categories", "category", separator=r"[\s,]+")
        places = "/".join([*before.strip("/").split("/"), *categories]).lower()
        title = slug or without_date(name)
        values = {"categories": places, "title": title, "slug": slugify(title)}
        pattern = _jekyll_pattern(origin, fields)
        made = fill_colons(pattern, values, date) or fill_colons(_JEKYLL_STYLES["date"], values, date)
    elif folder.startswith("_") and not marker:
        made = _jekyll_collection_path(folder, slug or name, origin, fields)
    elif not folder.startswith("_"):
        yield posixpath.join("/", folder, f"{name}.html")
        yield posixpath.join("/", folder, name, "")
        return
    else:
        return
    if made:
        yield made
    # GitHub Pages and most servers give the page without its ending too.
    if made.endswith(".html"):
        yield made.removesuffix(".html")


def _jekyll_pattern(origin: Origin, fields: Fields) -> str:
    written = fields.text("permalink")
    pattern = written if "/:" in written or written in _JEKYLL_STYLES else origin.permalink
    return _JEKYLL_STYLES.get(pattern, pattern) or _JEKYLL_STYLES["date"]


def _jekyll_collection_path(folder: str, name: str, origin: Origin, fields: Fields) -> str:
    collection, _, inside = folder.partition("/")
    if collection[1:] not in (origin.site.public_collections or ()):
        return ""
    written = fields.text("permalink")
    pattern = written if "/:" in written else origin.site.patterns.get(collection, "")
    usual = "/:collection/:path/" if origin.permalink == "pretty" else "/:collection/:path:output_ext"
    values = {
        "collection": collection[1:],
        "path": posixpath.join(inside, name),
        "name": slugify(name),
        "title": slugify(fields.text("slug") or name),
        "slug": slugify(fields.text("slug") or name),
        "output_ext": ".html",
    }
    return fill_colons(pattern or usual, values, None)
