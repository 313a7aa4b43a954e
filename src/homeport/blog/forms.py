"""The editor's form: from what somebody typed to the fields of an entry, with a sentence at each field at fault."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homeport.blog.fields import EntryFields
from homeport.blog.models import KINDS
from homeport.blog.scheduling import ClockNote, read_local, write_local
from homeport.errors import InvalidError
from homeport.site.actions import LANGUAGE
from homeport.site.permalinks import is_reserved
from homeport.text.lines import keep_endings
from homeport.text.slugs import is_slug, slugify

MOST_SOURCE = 2_000_000
"""Characters of one text: some ten novels' chapters; more could not be rendered while somebody waits."""

MOST_TITLE, MOST_LINE, MOST_TEXT = 300, 100, 2000
MOST_TAGS = 50
NO_SUCH_FILE = "There is no such file in the media library."
NAMES = tuple(EntryFields.__dataclass_fields__)
_WEB_ADDRESS = re.compile(r"https?://[^\s/<>\"]+[^\s<>\"]*")

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class FieldsError(InvalidError):
    """Something that was typed cannot be stored; `faults` has a sentence for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True)
class ReadForm:
    """What a form said, and what had to be decided about it."""

    fields: EntryFields
    notes: tuple[ClockNote, ...] = ()


def as_form(fields: EntryFields, zone: ZoneInfo) -> dict[str, str]:
    """Return the fields as the form shows and sends them."""
    shown = {name: getattr(fields, name) for name in NAMES}
    texts = {name: value for name, value in shown.items() if isinstance(value, str)}
    return texts | {
        "tags": ", ".join(fields.tags),
        "authors": ", ".join(fields.authors),
        "series_position": _shown(fields.series_position),
        "cover_media_id": _shown(fields.cover_media_id),
        "comments_open": {None: "", True: "yes", False: "no"}[fields.comments_open],
        "published_at": write_local(fields.published_at, zone),
    }


def read_form(typed: Mapping[str, str], current: EntryFields, zone: ZoneInfo) -> ReadForm:
    """Return the fields that were typed; what was left alone or left out stays exactly as it is.

    Raises FieldsError with every fault at once.
    """
    shown = as_form(current, zone)
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    notes: list[ClockNote] = []
    for name in NAMES:
        text = typed.get(name, shown[name])
        if name == "source":
            text = keep_endings(current.source, text)
        try:
            _check_characters(text)
            values[name] = getattr(current, name) if text == shown[name] else _READERS[name](text, zone, notes)
        except ValueError as error:
            faults[name] = str(error)
        except InvalidError as error:
            faults[name] = f"{error}. {error.hint}"
    faults |= _faults_together(values)
    if faults:
        raise FieldsError(faults)
    return ReadForm(EntryFields(**values), tuple(notes))


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)


def _check_characters(text: str) -> None:
    if _UNSTORABLE.search(text):
        raise ValueError("This has a character that cannot be stored (a zero byte or half a character).")


def _faults_together(values: Mapping[str, Any]) -> dict[str, str]:
    slug, kind = values.get("slug"), values.get("kind")
    if slug and kind == "page" and is_reserved(f"/{slug}"):
        return {"slug": f"/{slug} belongs to the site itself. Give the page another address."}
    return {}


Reader = Callable[[str, ZoneInfo, list[ClockNote]], Any]


def _line(longest: int) -> Reader:
    def read(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> str:
        line = " ".join(text.split())
        if len(line) > longest:
            raise ValueError(f"This is too long: {len(line)} characters of at most {longest}.")
        return line

    return read


def _source(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> str:
    if len(text) > MOST_SOURCE:
        raise ValueError(f"The text is too long: {len(text):,} characters of at most {MOST_SOURCE:,}. Make two of it.")
    return text


def _kind(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> str:
    if text not in KINDS:
        raise ValueError(f"Choose one of {', '.join(KINDS)}.")
    return text


def _slug(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> str:
    slug = text.strip()
    if slug and not is_slug(slug):
        raise ValueError("An address has small letters, digits and hyphens, such as my-first-post.")
    return slug


def _names(longest: int, what: str) -> Reader:
    def read(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(name for part in text.split(",") if (name := " ".join(part.split()))))
        if len(names) > MOST_TAGS:
            raise ValueError(f"These are too many: {len(names)} of at most {MOST_TAGS}.")
        for name in names:
            _check_name(name, longest, what)
        return names

    return read


def _check_name(name: str, longest: int, what: str) -> None:
    if len(name) > longest:
        raise ValueError(f"“{name[:40]}…” is too long for {what}: {len(name)} characters of at most {longest}.")
    if not slugify(name):
        raise ValueError(f"“{name}” cannot be {what}: it needs a letter or a digit.")


def _series(text: str, zone: ZoneInfo, notes: list[ClockNote]) -> str:
    series: str = _line(MOST_LINE)(text, zone, notes)
    if series:
        _check_name(series, MOST_LINE, "a series")
    return series


def _number(most: int, otherwise: str = "Write a whole number such as 3.") -> Reader:
    def read(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> int | None:
        if not text.strip():
            return None
        if not re.fullmatch(r"[0-9]{1,18}", text.strip()) or int(text) > most:
            raise ValueError(otherwise)
        return int(text)

    return read


def _language(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> str:
    language = text.strip()
    if language and (len(language) > 35 or not LANGUAGE.fullmatch(language)):
        raise ValueError("Write a language code such as en or pt-BR.")
    return language


def _address(*, is_path_allowed: bool) -> Reader:
    def read(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> str:
        address = text.strip()
        is_path = is_path_allowed and re.fullmatch(r"/(?![/\\])[^\s<>\"\\]*", address)
        if len(address) > MOST_TEXT or (address and not is_path and not _WEB_ADDRESS.fullmatch(address)):
            raise ValueError("Write a full address such as https://example.org/page.")
        return address

    return read


def _choice(text: str, _zone: ZoneInfo, _notes: list[ClockNote]) -> bool | None:
    choices = {"": None, "yes": True, "no": False}
    if text not in choices:
        raise ValueError("Choose yes or no, or nothing for what the site does.")
    return choices[text]


def _moment(text: str, zone: ZoneInfo, notes: list[ClockNote]) -> datetime | None:
    if not text.strip():
        return None
    moment = read_local(text, zone)
    if moment.note:
        notes.append(moment.note)
    return moment.at


_READERS: Mapping[str, Reader] = {
    "title": _line(MOST_TITLE),
    "subtitle": _line(MOST_TITLE),
    "source": _source,
    "kind": _kind,
    "slug": _slug,
    "tags": _names(MOST_LINE, "a tag"),
    "series": _series,
    "series_position": _number(99_999),
    "description": _line(MOST_TEXT),
    "language": _language,
    "canonical_url": _address(is_path_allowed=False),
    "link_url": _address(is_path_allowed=True),
    "authors": _names(MOST_LINE, "an author"),
    "cover_media_id": _number(2**62, NO_SUCH_FILE),
    "cover_alt": _line(MOST_TEXT),
    "comments_open": _choice,
    "published_at": _moment,
}
