"""From the bytes of one file to what it says about its entry."""

import hashlib
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from homeport.exchange import pelican
from homeport.exchange.addresses import FORMER_ADDRESS_KEYS, AddressError, feed_id, habitual_paths, own_address, to_path
from homeport.exchange.dates import date_in_name, date_in_path, read_date, without_date
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.fields import Fields
from homeport.exchange.notices import FileRefusedError, Notice
from homeport.exchange.post import ImportedPost
from homeport.text import frontmatter
from homeport.text.slugs import slugify

MAX_FILE_BYTES = 4 * 2**20
MAX_SLUG = 110
DATE_KEYS = ("published_at", "publish_date", "pub_date", "date", "published_on")
UPDATE_KEYS = ("updated_at", "lastmod", "updated", "modified", "last_modified_at")
POST_KINDS = frozenset({"article", "note", "link", "quote"})
SECTION_FILE = "_index"

_HEADING = re.compile(r"(?m)^ {0,3}#{1,3}[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCED = re.compile(r"(?ms)^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)")
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}|\{#[^}]*\}")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file read: what it says, its two parts, and what its author should know."""

    post: ImportedPost
    front_matter: str
    source: str
    warnings: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    front_matter: str
    source: str
    body_line: int
    fields: Fields


def digest_of(data: bytes) -> str:
    """Return the digest by which a file's bytes are known again."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> str:
    """Return a file's text.

    Raises FileRefusedError for zero bytes and for anything that is not UTF-8.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefusedError("is UTF-16; save it as UTF-8")
    if b"\x00" in data:
        raise FileRefusedError("has zero bytes, so it is not a text", line=data.count(b"\n", 0, data.index(b"\x00")) + 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefusedError("is not UTF-8; save it as UTF-8", line=line) from None


def read_file(path: str, data: bytes, origin: Origin, zone: ZoneInfo, fallback_date: datetime | None) -> ReadFile:
    """Read one file; `fallback_date` dates a text in a plain folder that says nothing about its date.

    Raises FileRefusedError with the reason and, where it is known, the line.
    """
    parts = _split(decode(data), origin)
    warnings: list[Notice] = []
    post = _describe(path, digest_of(data), parts, origin, zone, fallback_date, warnings)
    return ReadFile(post, parts.front_matter, parts.source, tuple(warnings))


def _split(text: str, origin: Origin) -> _Parts:
    if origin.dialect == Dialect.PELICAN:
        block, values, body = pelican.split_metadata(text)
        if block:
            return _Parts(block, body, block.count("\n") + 1, Fields(values, block))
    try:
        front = frontmatter.split(text)
    except frontmatter.FrontMatterError as error:
        raise FileRefusedError(f"the front matter cannot be read: {error}", line=error.line) from error
    return _Parts(front.block, front.body, front.body_line, Fields(front.data, front.block))


def _describe(  # noqa: PLR0913 - one reading, one call
    path: str,
    digest: str,
    parts: _Parts,
    origin: Origin,
    zone: ZoneInfo,
    fallback_date: datetime | None,
    warnings: list[Notice],
) -> ImportedPost:
    fields = parts.fields
    inner = origin.inner(path)
    own = own_address(fields, origin)
    date = _date(inner, own, fields, zone)
    kind = _kind(inner, origin, fields, date)
    if kind != "page" and date is None:
        date = fallback_date
    state = _state(inner, fields, kind, parts.source)
    name = _name(inner)
    slug = _slug(fields, own, name)
    old_paths = tuple(_old_paths(path, own, origin, fields, slug_in_file(fields), date, warnings))
    cover = fields.table("cover")
    return ImportedPost(
        path=path,
        digest=digest,
        front_matter_length=len(parts.front_matter),
        body_line=parts.body_line,
        kind=kind,
        title=_title(fields, parts.source, kind) or (None if kind in ("note", "link", "quote") else _humanise(name)),
        slug=slug,
        state=state,
        published_at=date,
        updated_at=_moment(fields, UPDATE_KEYS, zone),
        subtitle=fields.text("subtitle"),
        language=_language(fields),
        canonical_url=_web_address(fields.text("canonical_url", "canonical")),
        link_url=_web_address(fields.text("link_url", "external_url", "link")),
        description=fields.text("description", "summary", "excerpt"),
        authors=_authors(fields),
        tags=_tags(fields, origin),
        series=next(iter(fields.items("series", separator=r"\n")), ""),
        series_position=fields.number("series_position", "series_index", "series_order", "part"),
        cover=cover.text("image", "path", "src") or _cover(fields),
        cover_alt=cover.text("alt") or fields.table("image").text("alt") or fields.text("cover_alt", "image_alt"),
        feed_id=fields.text("feed_id", "guid", "atom_id") or (feed_id(origin, old_paths[0]) if old_paths else None),
        old_paths=old_paths,
    )


def slug_in_file(fields: Fields) -> str:
    """Return the slug that the front matter names."""
    return fields.text("slug")


def _date(path: str, own: str, fields: Fields, zone: ZoneInfo) -> datetime | None:
    name = _name(path)
    return (
        _moment(fields, DATE_KEYS, zone)
        or date_in_path(own, zone)
        or date_in_name(name, zone)
        or date_in_path(posixpath.dirname(path), zone)
    )


def _moment(fields: Fields, keys: tuple[str, ...], zone: ZoneInfo) -> datetime | None:
    for key in keys:
        for value in fields.values(key):
            try:
                moment = read_date(value, zone)
            except ValueError as error:
                raise FileRefusedError(f"{key}: {error}", line=fields.line_of(key)) from error
            if moment:
                return moment
    return None


def _kind(path: str, origin: Origin, fields: Fields, date: datetime | None) -> str:
    named = {fields.text(key).lower() for key in ("kind", "type", "layout")}
    if named & POST_KINDS and "article" not in named:
        return next(iter(named & POST_KINDS))
    folder = posixpath.dirname(path)
    is_page = (
        "page" in named
        or "pages" in named
        or posixpath.basename(path).startswith(f"{SECTION_FILE}.")
        or folder.split("/")[0] in ("pages", "_pages")
        or (date is None and origin.dialect != Dialect.PLAIN and not _is_draft_place(path) and not named & {"post", "posts"})
    )
    return "page" if is_page else "article"


def _state(path: str, fields: Fields, kind: str, source: str) -> str:
    status = fields.text("state", "status").lower()
    if status == "draft" or fields.flag("draft") or fields.flag("published") is False or _is_draft_place(path):
        return "draft"
    if status in ("unlisted", "hidden", "private") or fields.flag("unlisted", "hidden"):
        return "unlisted"
    # A section's index without a word of its own only collected its posts; it keeps its address and stays out of lists.
    return "unlisted" if kind == "page" and not source.strip() else "published"


def _is_draft_place(path: str) -> bool:
    return "_drafts" in path.split("/") or path.split("/")[0] == "drafts"


def _name(path: str) -> str:
    """Return the name that stands for the file: its own, or for a bundle or section its folder's."""
    folder, file = posixpath.split(path)
    name = posixpath.splitext(file)[0]
    return posixpath.basename(folder) or "home" if name in ("index", SECTION_FILE) else name


def _slug(fields: Fields, own: str, name: str) -> str:
    last = posixpath.basename(re.sub(r"/index\.html?$", "", own.rstrip("/")))
    for wish in (fields.text("slug").rstrip("/").rpartition("/")[2], re.sub(r"\.html?$", "", last), without_date(name)):
        if slug := slugify(wish):
            return slug[:MAX_SLUG].strip("-.")
    return slugify(fields.text("title"))[:MAX_SLUG].strip("-.") or "untitled"


def _old_paths(
    path: str,
    own: str,
    origin: Origin,
    fields: Fields,
    slug: str,
    date: datetime | None,
    warnings: list[Notice],
) -> Iterable[str]:
    """Return every path of before, the one the text itself had first."""
    found: dict[str, None] = {}
    for written in [own] if own else habitual_paths(origin.inner(path), origin, slug, date, fields):
        _add_path(found, written, origin, path, fields.line_of("path", "url", "permalink", "save_as"), warnings)
    for written in fields.items(*FORMER_ADDRESS_KEYS):
        _add_path(found, written, origin, path, fields.line_of(*FORMER_ADDRESS_KEYS), warnings)
    return [each for each in found if each.strip("/")]


def _add_path(
    found: dict[str, None], written: str, origin: Origin, file: str, line: int | None, warnings: list[Notice]
) -> None:
    try:
        found.setdefault(to_path(written, origin.address))
    except AddressError as error:
        warnings.append(Notice(file, line, f"no redirect made: {error}"))


def _title(fields: Fields, source: str, kind: str) -> str:
    title = fields.text("title")
    if title or kind in ("note", "quote"):
        return title
    heading = _HEADING.search(_FENCED.sub("", source[:20000]))
    return _MARKUP.sub(lambda match: match[1] or "", heading[1]).strip()[:300] if heading else ""


def _humanise(name: str) -> str:
    words = re.sub(r"[-_]+", " ", without_date(name)).strip()
    return words[:1].upper() + words[1:] or "Untitled"


def _language(fields: Fields) -> str:
    language = fields.text("language", "lang", "locale").replace("_", "-")
    return language if re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", language) else ""


def _web_address(written: str) -> str:
    return written if re.match(r"https?://[^/\s]+", written) else ""


def _authors(fields: Fields) -> tuple[str, ...]:
    joined = fields.text("authors", "author")
    names = fields.items("authors", "author", separator=";" if ";" in joined else ",")
    return tuple(name for name in (re.sub(r"\s*<[^>]*>", "", name).strip() for name in names) if slugify(name))


def _tags(fields: Fields, origin: Origin) -> tuple[str, ...]:
    separator = r"[,\s]+" if origin.dialect == Dialect.JEKYLL else ","
    titles = fields.items("tags", "tag", "categories", "category", "keywords", separator=separator)
    by_slug: dict[str, str] = {}
    for title in titles:
        by_slug.setdefault(slugify(title), title)
    return tuple(title for slug, title in by_slug.items() if slug)


def _cover(fields: Fields) -> str:
    image = fields.table("image")
    return image.text("path", "src", "url") or fields.text(
        "cover", "cover_image", "featured_image", "image", "thumbnail", "hero_image"
    )
