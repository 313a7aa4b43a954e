"""What one text says about its entry, in whatever words its tool has for that."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from homeport.exchange.addresses import AddressError, feed_id, habitual_paths, own_address, to_path
from homeport.exchange.dates import date_in_name, date_in_path, false_date_in_name, read_date, without_date
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.fields import Fields, scalar
from homeport.exchange.keys import (
    AUTHOR_KEYS,
    CANONICAL_KEYS,
    COVER_KEYS,
    DATE_KEYS,
    DESCRIPTION_KEYS,
    FEED_ID_KEYS,
    FORMER_ADDRESS_KEYS,
    LANGUAGE_KEYS,
    LINK_KEYS,
    MAX_SLUG,
    MAX_TITLE,
    POSITION_KEYS,
    SERIES_KEYS,
    TAG_KEYS,
    UPDATE_KEYS,
)
from homeport.exchange.languages import Tongue, tongue_of
from homeport.exchange.notices import FileRefusedError, Notice, shorten
from homeport.exchange.post import ImportedPost
from homeport.exchange.visibility import is_listed_nowhere, why_hidden
from homeport.text.slugs import slugify

POST_SECTIONS = frozenset({"post", "posts", "blog", "article", "articles", "news"})
UNTITLED_KINDS = frozenset({"note", "link", "quote"})
INDEX_NAMES = frozenset({"index", "_index"})

_HEADING = re.compile(r"(?m)^ {0,3}#{1,3}[ \t]+(.*)$")
_FENCED = re.compile(r"(?ms)^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)")
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}|\{#[^}]*\}")


@dataclass
class Describer:
    """Reads one text's front matter, path and first heading; `warnings` has what its author should know."""

    path: str
    fields: Fields
    source: str
    origin: Origin
    zone: ZoneInfo
    fallback_date: datetime | None = None
    warnings: list[Notice] = field(default_factory=list)

    def describe(self, digest: str, front_matter: str) -> ImportedPost:
        """Return what the file says.

        Raises FileRefusedError when it says something that cannot be.
        """
        fields = self.fields
        self._check_content(front_matter)
        old_paths = tuple(self._old_paths())
        body_line = front_matter.count("\n") + 1
        slug = self._slug()
        return ImportedPost(
            path=self.path,
            digest=digest,
            front_matter_length=len(front_matter),
            body_line=body_line,
            kind=self._kind,
            title=self._title() or None,
            slug=slug,
            second_slug=f"{slug}-{language.lower()}" if (language := self._tongue.language) else "",
            state=self._state,
            published_at=self._published_at(),
            updated_at=self._moment(UPDATE_KEYS),
            subtitle=fields.text("subtitle"),
            language=self._language(),
            canonical_url=_web_address(fields.text(*CANONICAL_KEYS)),
            link_url=_web_address(fields.text(*LINK_KEYS)),
            description=fields.text(*DESCRIPTION_KEYS),
            authors=self._authors(),
            tags=self._tags(),
            series=next(filter(slugify, fields.items(*SERIES_KEYS, separator=r"\n")), ""),
            series_position=fields.number(*POSITION_KEYS),
            cover=self._cover(),
            cover_alt=self._cover_alt(),
            feed_id=fields.text(*FEED_ID_KEYS) or self._former_feed_id(old_paths),
            comments_open=self._comments_open(),
            old_paths=old_paths,
        )

    def _check_content(self, front_matter: str) -> None:
        """Raise FileRefusedError for a file that has nothing to show; a page its tool filled in keeps its address."""
        if self.source.strip("\ufeff \t\r\n"):
            return
        is_index = posixpath.basename(self._inner).startswith("_index.")
        is_home = is_index and "/" not in self._inner
        words = self.fields.text("description", *(() if is_home else ("title", *LINK_KEYS, *COVER_KEYS)))
        if is_index and not words:
            raise FileRefusedError("section index without text")
        if not front_matter:
            raise FileRefusedError("is empty")

    @cached_property
    def _tongue(self) -> Tongue:
        return tongue_of(self.origin.inner(self.path), self.origin)

    @cached_property
    def _inner(self) -> str:
        return self._tongue.path

    @cached_property
    def _own_address(self) -> str:
        return own_address(self.fields, self.origin)

    @cached_property
    def _name(self) -> str:
        """The name that stands for the file: its own, or for a bundle or section its folder's."""
        folder, file = posixpath.split(self._inner)
        name = posixpath.splitext(file)[0]
        return posixpath.basename(folder) or "home" if name in INDEX_NAMES else name

    @cached_property
    def _written_date(self) -> datetime | None:
        if said := self._moment(DATE_KEYS) or date_in_path(self._own_address, self.zone):
            return said
        if false_date := false_date_in_name(self._name):
            raise FileRefusedError(f"the name begins with {false_date}, which is no date")
        return date_in_name(self._name, self.zone) or date_in_path(posixpath.dirname(self._inner), self.zone)

    @cached_property
    def _kind(self) -> str:
        named = {self.fields.text(key).lower() for key in ("kind", "type", "layout")}
        if untitled := named & UNTITLED_KINDS:
            return min(untitled)
        is_page = named & {"page", "pages"} or self._is_in_page_place() or self._is_undated_page(named)
        return "page" if is_page else "article"

    def _is_in_page_place(self) -> bool:
        folder, file = posixpath.split(self._inner)
        return posixpath.splitext(file)[0] == "_index" or folder.partition("/")[0] in ("pages", "_pages")

    def _is_undated_page(self, named: set[str]) -> bool:
        """Say whether this is a page because it has no date: tools give posts one, plain folders often do not."""
        is_plain = self.origin.dialect in (Dialect.PLAIN, Dialect.HOMEPORT)
        is_post = self._is_in_post_section() or named & {"post", "posts", "article"}
        return not (is_plain or self._written_date or self._is_in_draft_place() or is_post)

    def _is_in_post_section(self) -> bool:
        section, slash, _ = self._inner.partition("/")
        return bool(slash) and self.origin.dialect == Dialect.HUGO and section.lower() in POST_SECTIONS

    def _is_in_draft_place(self) -> bool:
        folders = posixpath.dirname(self._inner).split("/")
        return "_drafts" in folders or folders[0] == "drafts"

    def _published_at(self) -> datetime | None:
        # A draft gets its date when it is published, and a page needs none.
        if self._written_date or self._kind == "page" or self._state == "draft" or self.fallback_date is None:
            return self._written_date
        moment = self.fallback_date.astimezone(self.zone)
        self._warn(f"no date: the file's time {moment:%Y-%m-%d %H:%M} is taken")
        return self.fallback_date

    @cached_property
    def _state(self) -> str:
        fields = self.fields
        status = fields.text("state", "status").lower()
        is_draft = fields.flag("draft") or fields.flag("published") is False or self._is_in_draft_place()
        if status == "draft" or is_draft:
            return "draft"
        if (odd := fields.value("draft")) is not None and fields.flag("draft") is None:
            # What is neither yes nor no may not show a text to anybody.
            written = shorten(scalar(odd) or "no word", 40)
            self._warn(f"taken as a draft: draft is {written!r}, which is neither true nor false", "draft")
            return "draft"
        if hidden := why_hidden(fields, self.origin, self._inner, self.zone):
            self._warn(f"taken as a draft: {hidden}")
            return "draft"
        if (
            is_listed_nowhere(fields)
            or status in ("unlisted", "hidden", "private")
            or fields.flag("unlisted", "hidden")
        ):
            return "unlisted"
        # A section's index without a word of its own only gathered its posts: it keeps its address, in no list.
        return "unlisted" if self._kind == "page" and not self.source.strip() else "published"

    def _moment(self, keys: tuple[str, ...]) -> datetime | None:
        for key in keys:
            for value in self.fields.values(key):
                try:
                    moment = read_date(value, self.zone)
                except ValueError as error:
                    raise FileRefusedError(f"{key}: {error}", line=self.fields.line_of(key)) from error
                if moment:
                    return moment
        return None

    def _title(self) -> str:
        title = self.fields.text("title") or self._first_heading()
        return title[:MAX_TITLE] if title or self._kind in UNTITLED_KINDS else _humanise(self._name)

    def _first_heading(self) -> str:
        if self._kind in UNTITLED_KINDS:
            return ""
        heading = _HEADING.search(_FENCED.sub("", self.source[:20000]))
        if heading is None:
            return ""
        words = heading[1][: 2 * MAX_TITLE].strip().rstrip("#")
        return _MARKUP.sub(lambda match: match[1] or "", words).strip()

    def _slug(self) -> str:
        last = posixpath.basename(re.sub(r"/index\.html?$", "", self._own_address.rstrip("/")))
        said = self.fields.text("slug").rstrip("/").rpartition("/")[2]
        for wish in (said, re.sub(r"\.html?$", "", last), without_date(self._name), self.fields.text("title")):
            if slug := slugify(wish)[:MAX_SLUG].strip("-"):
                return slug
        return "untitled"

    def _old_paths(self) -> Iterator[str]:
        """Yield every path of before once, the one the text itself had first."""
        own, slug = self._own_address, self.fields.text("slug")
        habitual = habitual_paths(self._inner, self.origin, slug, self._written_date, self.fields)
        found: dict[str, None] = {}
        for written in [own] if own else self._in_its_language(habitual):
            self._add_path(found, written, "path", "url", "permalink", "save_as")
        folder = posixpath.dirname(next(iter(found), "/").rstrip("/"))
        for written in self.fields.items(*FORMER_ADDRESS_KEYS):
            self._add_path(found, self._from_page(written, folder), *FORMER_ADDRESS_KEYS)
        return (self.origin.beneath_base(path) for path in found if path.strip("/"))

    def _in_its_language(self, paths: Iterator[str]) -> Iterator[str]:
        """Yield the paths as a site with several languages had them: the main one often without its name."""
        language = self._tongue.language
        for path in paths:
            if not language or language.lower() == self.origin.site.language.lower():
                yield path
            if language:
                yield f"/{language}{path}"

    def _from_page(self, written: str, folder: str) -> str:
        """Return an alias from the root: Hugo's start at the folder of the page unless they begin with a slash."""
        is_relative = self.origin.dialect == Dialect.HUGO and not re.match(r"/|[a-z]+:", written)
        if not is_relative:
            return written
        return posixpath.normpath(posixpath.join(folder or "/", written)) + ("" if "." in written else "/")

    def _warn(self, reason: str, *keys: str) -> None:
        self.warnings.append(Notice(self.path, self.fields.line_of(*keys), reason))

    def _add_path(self, found: dict[str, None], written: str, *keys: str) -> None:
        try:
            path = to_path(written, self.origin.address)
        except AddressError as error:
            self._warn(f"no redirect made: {error}", *keys)
            return
        if path == "/" and keys == FORMER_ADDRESS_KEYS:
            self._warn("no redirect made: the site's first page is at '/'", *keys)
        found.setdefault(path)

    def _language(self) -> str:
        written = self.fields.text(*LANGUAGE_KEYS).replace("_", "-")
        said = written if re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", written) else ""
        return said or self._tongue.language or self.origin.language

    def _comments_open(self) -> bool | None:
        """Return what the file decides about comments; elsewhere `true` stands in every file and decides nothing."""
        said = self.fields.flag("comments")
        return said if said is False or self.origin.dialect == Dialect.HOMEPORT else None

    def _authors(self) -> tuple[str, ...]:
        joined = self.fields.text(*AUTHOR_KEYS)
        names = self.fields.items(*AUTHOR_KEYS, separator=";" if ";" in joined else ",")
        return tuple(name for name in (re.sub(r"\s*<[^>]*>", "", name).strip() for name in names) if slugify(name))

    def _tags(self) -> tuple[str, ...]:
        separator = r"[,\s]+" if self.origin.dialect == Dialect.JEKYLL else ","
        by_slug: dict[str, str] = {}
        for title in self.fields.items(*TAG_KEYS, separator=separator):
            other = by_slug.setdefault(slugify(title), title)
            if other.casefold() != title.casefold():
                self._warn(f"the tags {other!r} and {title!r} have one address and become one tag", "tags")
        return tuple(title for slug, title in by_slug.items() if slug)

    def _cover(self) -> str:
        cover, image = self.fields.table("cover"), self.fields.table("image")
        return cover.text("image", "path", "src") or image.text("path", "src", "url") or self.fields.text(*COVER_KEYS)

    def _cover_alt(self) -> str:
        cover, image = self.fields.table("cover"), self.fields.table("image")
        return cover.text("alt") or image.text("alt") or self.fields.text("cover_alt", "image_alt")

    def _former_feed_id(self, old_paths: tuple[str, ...]) -> str | None:
        return feed_id(self.origin, old_paths[0]) if old_paths else None


def _humanise(name: str) -> str:
    words = re.sub(r"[-_]+", " ", without_date(name)).strip()
    return words[:1].upper() + words[1:] or "Untitled"


def _web_address(written: str) -> str:
    return written if re.match(r"https?://[^/\s]+", written) else ""
