"""The addresses a text had where it comes from: said in its front matter, or by its tool's habit."""

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from homeport.exchange.dates import without_date
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.fields import Fields
from homeport.text.slugs import slugify

MAX_LENGTH = 1000
OWN_ADDRESS_KEYS = ("url", "permalink", "save_as")
FORMER_ADDRESS_KEYS = ("aliases", "alias", "redirect_from", "old_paths")

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
    return "" if "{" in written or "/:" in written else written


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
            yield posixpath.join("/", folder.lower(), slug or re.sub(r"\s+", "-", name.lower()), "")
        case Dialect.PELICAN:
            made = slug or slugify(fields.text("title") or name)
            yield f"/pages/{made}.html" if path.startswith("pages/") else f"/{made}.html"
        case Dialect.JEKYLL:
            yield from _jekyll_paths(path, origin, slug, date, fields)


def feed_id(origin: Origin, path: str) -> str | None:
    """Return the id that the former site's feed gave the text, for tools that use its full address."""
    if not origin.address or origin.dialect in (Dialect.PLAIN, Dialect.PELICAN, Dialect.HOMEPORT):
        return None
    return origin.address + (path.removesuffix(".html") if origin.dialect == Dialect.JEKYLL else path)


def _place(path: str) -> tuple[str, str]:
    """Return the folder and the name that a text has for its tool: a bundle's name is its folder's."""
    folder, file = posixpath.split(path)
    name = posixpath.splitext(file)[0]
    return posixpath.split(folder) if name in ("index", "_index") else (folder, name)


def _jekyll_paths(path: str, origin: Origin, slug: str, date: datetime | None, fields: Fields) -> Iterator[str]:
    folder, name = _place(path)
    before, marker, _ = f"/{folder}/".partition("/_posts/")
    if not marker or date is None:
        if not folder.startswith("_"):
            yield posixpath.join("/", folder, f"{name}.html")
            yield posixpath.join("/", folder, name, "")
        return
    pattern = _JEKYLL_STYLES.get(origin.permalink, origin.permalink) or _JEKYLL_STYLES["date"]
    categories = "/".join([*before.strip("/").split("/"), *fields.items("categories", "category", separator=r"[\s,]+")])
    made = _fill(pattern, categories.lower(), slug or without_date(name), date)
    yield made
    # GitHub Pages and most servers give the page without its ending too.
    if made.endswith(".html"):
        yield made.removesuffix(".html")


def _fill(pattern: str, categories: str, title: str, date: datetime) -> str:
    zone = date.tzinfo if isinstance(date.tzinfo, ZoneInfo) else None
    day = date.astimezone(zone) if zone else date
    values = {
        "categories": categories,
        "year": f"{day.year:04}",
        "short_year": f"{day.year % 100:02}",
        "month": f"{day.month:02}",
        "i_month": str(day.month),
        "day": f"{day.day:02}",
        "i_day": str(day.day),
        "y_day": f"{day.timetuple().tm_yday:03}",
        "title": title,
        "slug": slugify(title),
    }
    filled = re.sub(r":([a-z_]+)", lambda match: values.get(match[1], match[0]), pattern)
    return re.sub("/{2,}", "/", f"/{filled}")
