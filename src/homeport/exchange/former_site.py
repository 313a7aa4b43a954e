"""What a tool's settings say of the site that a folder was: its address, the patterns of its paths, its languages."""

import ast
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MAX_RULES = 200
MAX_PATTERN = 500

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Defaults:
    """Front matter that Jekyll gives to all texts of a folder and of a type, where they do not say otherwise."""

    path: str
    type: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FormerSite:
    """The settings of the site that a folder was; nothing is set when the folder has no settings."""

    address: str = ""
    """The address with its path, such as `https://example.org/blog`."""
    base: str = ""
    """The path beneath which all of the site was, such as `/blog`."""
    patterns: Mapping[str, str] = field(default_factory=dict)
    """Patterns of paths by what they are for: a section of Hugo, a collection of Jekyll, articles and pages."""
    defaults: tuple[Defaults, ...] = ()
    language: str = ""
    languages: frozenset[str] = frozenset()
    public_collections: frozenset[str] | None = None
    """Jekyll's collections that have pages of their own; None when no collections are said."""


def read_site(settings: Mapping[str, Any]) -> FormerSite:
    """Return what settings say, by whichever tool's names; what has another form than it should counts as unsaid."""
    values = {str(key).lower(): value for key, value in settings.items()}
    address = _address(values)
    base = _base(values, address)
    root = address.removesuffix(base) if base else address
    languages = _languages(values)
    return FormerSite(
        address=root + base if root else "",
        base=base,
        patterns=dict(_patterns(values)),
        defaults=tuple(_defaults(values)),
        language=_language(values),
        languages=languages,
        public_collections=_public_collections(values),
    )


def read_assignments(source: str) -> dict[str, Any]:
    """Return the plain values that a Python file gives to names at its top, without running any of it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, Any] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            try:
                value = ast.literal_eval(statement.value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue
            found |= dict.fromkeys(names, value)
    return found


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) and len(value) <= MAX_PATTERN else ""


def _tables(value: object) -> dict[str, dict[str, Any]]:
    """Return the tables in a table, by their lower-case names."""
    items = list(value.items())[:MAX_RULES] if isinstance(value, dict) else ()
    return {str(name).lower(): each for name, each in items if isinstance(each, dict)}


def _address(values: Mapping[str, Any]) -> str:
    for key in ("base_url", "baseurl", "siteurl", "url"):
        if re.match(r"https?://[^/]", written := _text(values.get(key))):
            return written.rstrip("/")
    return ""


def _base(values: Mapping[str, Any], address: str) -> str:
    written = _text(values.get("baseurl"))
    path = urlsplit(address).path if "://" in written or not written else written
    return "" if not path.strip("/") else posixpath.normpath("/" + path.strip("/"))


def _patterns(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if pattern := _text(values.get("permalink")):
        yield "", pattern
    permalinks = values.get("permalinks")
    for said in (permalinks, _tables(permalinks).get("page")):
        for name, value in list(said.items())[:MAX_RULES] if isinstance(said, dict) else ():
            if pattern := _text(value):
                yield str(name).lower().strip("/"), pattern
    for name, collection in _tables(values.get("collections")).items():
        yield f"_{name}", _text(collection.get("permalink"))
    for key in ("article_url", "article_save_as", "page_url", "page_save_as", "draft_url"):
        if pattern := _text(values.get(key)):
            yield key, pattern


def _defaults(values: Mapping[str, Any]) -> Iterator[Defaults]:
    """Yield the rules for all texts first and those for few last: the last one that fits wins."""
    rules = values.get("defaults")
    found = []
    for rule in rules[:MAX_RULES] if isinstance(rules, list) else ():
        scope, given = (rule.get(key) if isinstance(rule, dict) else None for key in ("scope", "values"))
        if isinstance(scope, dict) and isinstance(given, dict):
            found.append(Defaults(_text(scope.get("path")).strip("/"), _text(scope.get("type")), given))
    yield from sorted(found, key=lambda each: (len(each.path), bool(each.type)))


def _language(values: Mapping[str, Any]) -> str:
    keys = ("default_language", "defaultcontentlanguage", "languagecode", "locale", "lang", "default_lang")
    written = (_text(values.get(key)).replace("_", "-") for key in keys)
    return next((each for each in written if _LANGUAGE.fullmatch(each)), "")


def _languages(values: Mapping[str, Any]) -> frozenset[str]:
    said = values.get("languages")
    names = _tables(said) if isinstance(said, dict) else [str(each) for each in said] if isinstance(said, list) else ()
    return frozenset(name.lower() for name in list(names)[:MAX_RULES] if _LANGUAGE.fullmatch(name))


def _public_collections(values: Mapping[str, Any]) -> frozenset[str] | None:
    said = values.get("collections")
    if isinstance(said, list | dict):
        return frozenset(name for name, each in _tables(said).items() if each.get("output") is True) | {"posts"}
    return None
