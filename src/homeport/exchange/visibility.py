"""What a tool would not have shown to anybody, however its files say so: nothing of that may become public here."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from homeport.exchange.dates import read_date
from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.fields import Fields

EXPIRY_KEYS = ("expiry_date", "expires", "unpublish_date")


def why_hidden(fields: Fields, origin: Origin, path: str, zone: ZoneInfo) -> str:
    """Return why the tool has no page for the text, or nothing when it has one."""
    if fields.flag("headless"):
        return "headless: the tool has no page for it"
    if _build(fields, "render") in ("never", "false") or fields.flag("render") is False:
        return "never rendered: the tool has no page for it"
    collection = path.partition("/")[0]
    public = origin.site.public_collections
    if origin.dialect == Dialect.JEKYLL and public is not None and _is_hidden_collection(collection, public):
        return f"the collection {collection[1:]!r} has no output, so the tool has no page for it"
    return "it has expired" if _has_expired(fields, zone) else ""


def is_listed_nowhere(fields: Fields) -> bool:
    """Say whether the tool shows the text at its own address alone."""
    return _build(fields, "list") in ("never", "false")


def _build(fields: Fields, key: str) -> str:
    written = fields.table("build").value(key)
    return str(written).lower() if isinstance(written, str | bool) else ""


def _is_hidden_collection(folder: str, public: frozenset[str]) -> bool:
    return folder.startswith("_") and folder not in ("_posts", "_drafts", "_pages") and folder[1:] not in public


def _has_expired(fields: Fields, zone: ZoneInfo) -> bool:
    for value in fields.values(*EXPIRY_KEYS):
        try:
            moment = read_date(value, zone)
        except ValueError:
            continue
        if moment and moment <= datetime.now(UTC):
            return True
    return False
