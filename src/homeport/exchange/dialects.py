"""Which tool a folder was written for, told by its structure, and what the folder's own settings say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from homeport.errors import InvalidError
from homeport.exchange import pelican
from homeport.exchange.former_site import FormerSite, read_assignments, read_site
from homeport.exchange.notices import FileRefusedError
from homeport.exchange.tree import Tree
from homeport.text import frontmatter

MAX_SETTINGS_BYTES = 256 * 1024
MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
SAMPLE = 20


class Dialect(StrEnum):
    """The tools whose folders are understood; `homeport` is this site's own export."""

    HOMEPORT = "homeport"
    HUGO = "hugo"
    JEKYLL = "jekyll"
    ZOLA = "zola"
    PELICAN = "pelican"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Origin:
    """The site that a folder belongs to: its tool, the folder its texts are in ("" or "content/"), its address."""

    dialect: Dialect
    content: str = ""
    address: str = ""
    permalink: str = ""
    site: FormerSite = field(default_factory=FormerSite)
    language: str = ""
    """The language of texts that say none, where it is not this site's own."""

    @property
    def root(self) -> str:
        """Return the former site's address without the path beneath which it was."""
        base = self.site.base
        return self.address.removesuffix(base) if base else self.address

    def beneath_base(self, path: str) -> str:
        """Return where a path of the former site was on its server."""
        base = self.site.base
        return path if not base or path == base or path.startswith(base + "/") else base + path

    def inner(self, path: str) -> str:
        """Return a file's path inside the folder of texts."""
        return path.removeprefix(self.content)


_SETTINGS_FILES = {
    "hugo.toml": Dialect.HUGO,
    "hugo.yaml": Dialect.HUGO,
    "hugo.yml": Dialect.HUGO,
    "hugo.json": Dialect.HUGO,
    "config/_default/hugo.toml": Dialect.HUGO,
    "config/_default/config.toml": Dialect.HUGO,
    "_config.yml": Dialect.JEKYLL,
    "_config.yaml": Dialect.JEKYLL,
    "pelicanconf.py": Dialect.PELICAN,
    "zola.toml": Dialect.ZOLA,
    "config.yaml": Dialect.HUGO,
    "config.yml": Dialect.HUGO,
    "config.json": Dialect.HUGO,
    "config.toml": Dialect.ZOLA,
}
_HUGO_KEYS = frozenset({"baseurl", "permalinks", "languagecode", "defaultcontentlanguage", "params", "menu"})
_ZOLA_KEYS = re.compile(
    r"(?m)^\s*(path|sort_by|paginate_by|page_template|generate_feeds?|insert_anchor_links|in_search_index|template|render"
    r"|\[taxonomies\]|\[extra\])"
)


def find_origin(tree: Tree, *, dialect: Dialect | None = None, address: str = "") -> Origin:
    """Tell which tool the folder was written for, unless `dialect` says it, and read that tool's settings."""
    found, settings_file = _by_settings(tree)
    chosen = dialect or found or _by_files(tree)
    settings = _read_settings(tree, settings_file) if settings_file and found == chosen else {}
    site = read_site(settings | {"baseurl": address} if urlsplit(address).path.strip("/") else settings)
    return Origin(
        dialect=chosen,
        content=_content_folder(tree, chosen),
        address=address.rstrip("/") or site.address,
        permalink=site.patterns.get("", "") if chosen == Dialect.JEKYLL else "",
        site=site,
    )


def is_markdown(path: str) -> bool:
    """Say whether a file is a text to import, by its name."""
    return path.lower().endswith(MARKDOWN)


def _by_settings(tree: Tree) -> tuple[Dialect | None, str]:
    if "homeport.json" in tree.files:
        return Dialect.HOMEPORT, ""
    for name, dialect in _SETTINGS_FILES.items():
        if name in tree.files:
            is_hugo = name == "config.toml" and _HUGO_KEYS & {key.lower() for key in _read_settings(tree, name)}
            return (Dialect.HUGO if is_hugo else dialect), name
    return None, ""


def _by_files(tree: Tree) -> Dialect:
    if any(re.search(r"(^|/)_(posts|drafts)/", path) for path in tree.files):
        return Dialect.JEKYLL
    texts = [path for path in tree.files if is_markdown(path)]
    sections = [path for path in texts if path.rpartition("/")[2] == "_index.md"]
    if sections:
        heads = _heads(tree, sections[:SAMPLE] + texts[:SAMPLE])
        is_zola = any(head.startswith("+++") and _ZOLA_KEYS.search(head) for head in heads)
        return Dialect.ZOLA if is_zola else Dialect.HUGO
    heads = _heads(tree, texts[:SAMPLE])
    metadata = [head for head in heads if not head.startswith("---") and pelican.split_metadata(head)[0]]
    return Dialect.PELICAN if metadata and 2 * len(metadata) >= len(heads) else Dialect.PLAIN


def _heads(tree: Tree, paths: Iterable[str]) -> list[str]:
    heads = []
    for path in paths:
        try:
            heads.append(tree.read(path, MAX_SETTINGS_BYTES)[:2000].decode("utf-8", "replace"))
        except FileRefusedError:
            continue
    return heads


def _content_folder(tree: Tree, dialect: Dialect) -> str:
    has_folder = any(path.startswith("content/") for path in tree.files)
    return "content/" if has_folder and dialect in (Dialect.HUGO, Dialect.ZOLA, Dialect.PELICAN) else ""


def _read_settings(tree: Tree, name: str) -> dict[str, Any]:
    """Return a tool's settings by the same careful reader as front matter; unreadable ones count as none."""
    try:
        text = tree.read(name, MAX_SETTINGS_BYTES).decode("utf-8")
        if name.endswith(".py"):
            return read_assignments(text)
        settings: dict[str, Any] = frontmatter.split(_as_front_matter(name, text)).data
        return settings
    except (InvalidError, UnicodeDecodeError):
        return {}


def _as_front_matter(name: str, text: str) -> str:
    if name.endswith(".json"):
        return text
    fence = "+++" if name.endswith(".toml") else "---"
    return f"{fence}\n{text.removeprefix('---').rstrip()}\n{fence}\n"
