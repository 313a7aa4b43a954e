"""Changing the site's settings and remembering where addresses of the past lead."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from homeport.errors import InvalidError
from homeport.site.models import Gone, PermalinkPattern, Redirect, Site
from homeport.site.permalinks import check_pattern
from homeport.values import is_origin

LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class SiteSettingError(InvalidError):
    """A site setting that cannot be taken; the message names it."""


def site_of(session: Session) -> Site:
    """Return the one row of settings for a change."""
    return session.execute(select(Site)).scalar_one()


def update_site(session: Session, **changes: Any) -> frozenset[str]:
    """Change settings by name and return the names of those that are different now.

    What follows for entries is done by `blog.actions.change_site`, which is what to call.
    Raises SiteSettingError for an unknown name or a value that cannot be taken.
    """
    site = site_of(session)
    checked = {name: check_setting(name, value) for name, value in changes.items()}
    changed = frozenset(name for name, value in checked.items() if getattr(site, name) != value)
    if "permalink_pattern" in changed:
        _remember_pattern(session, site.permalink_pattern, checked["permalink_pattern"])
    for name in changed:
        setattr(site, name, checked[name])
    session.flush()
    return changed


def add_redirect(
    session: Session,
    path: str,
    *,
    entry_id: int | None = None,
    tag_id: int | None = None,
    series_id: int | None = None,
    target: str | None = None,
) -> None:
    """Make `path` lead elsewhere from now on, whatever it led to before.

    Raises InvalidError when the path is not one of this site.
    """
    if not path.startswith("/") or path.startswith("//"):
        raise InvalidError(f"{path!r} is not a path of this site", hint="A redirect starts from a path like /old/page.")
    values = {"entry_id": entry_id, "tag_id": tag_id, "series_id": series_id, "target": target}
    session.execute(delete(Gone).where(Gone.path == path))
    session.execute(
        insert(Redirect).values(path=path, **values).on_conflict_do_update(index_elements=["path"], set_=values)
    )


def forget_redirect(session: Session, path: str) -> None:
    """Stop `path` from leading elsewhere: something lives there again."""
    session.execute(delete(Redirect).where(Redirect.path == path))
    session.execute(delete(Gone).where(Gone.path == path))


def redirects_to(session: Session, entry_id: int) -> list[str]:
    """Return the paths that lead to an entry: those it had before, and aliases."""
    return list(session.scalars(select(Redirect.path).where(Redirect.entry_id == entry_id)))


def mark_gone(session: Session, path: str, *, entry_id: int | None = None) -> None:
    """Remember that what was at `path`, or what it led to, has been taken away on purpose."""
    session.execute(delete(Redirect).where(Redirect.path == path))
    values = {"entry_id": entry_id}
    session.execute(
        insert(Gone).values(path=path, **values).on_conflict_do_update(index_elements=["path"], set_=values)
    )


def bring_back(session: Session, entry_id: int) -> list[str]:
    """Let the paths lead to an entry again that were taken away with it; return them."""
    paths = list(session.scalars(select(Gone.path).where(Gone.entry_id == entry_id).order_by(Gone.id)))
    for path in paths:
        add_redirect(session, path, entry_id=entry_id)
    return paths


def _remember_pattern(session: Session, old: str, new: str) -> None:
    session.execute(insert(PermalinkPattern).values(pattern=old).on_conflict_do_nothing())
    session.execute(delete(PermalinkPattern).where(PermalinkPattern.pattern == new))


def check_setting(name: str, value: Any) -> Any:
    """Return a setting as it would be stored.

    Raises SiteSettingError, which names the setting, for one that is unknown or cannot be taken.
    """
    check = _CHECKS.get(name)
    if check is None:
        raise SiteSettingError(f"there is no site setting {name!r}", hint=f"Known: {', '.join(sorted(_CHECKS))}.")
    try:
        return check(value)
    except InvalidError:
        raise
    except (ValueError, TypeError) as error:
        raise SiteSettingError(f"{name}: {error}") from error


def _text(value: Any) -> str:
    text = str(value).strip()
    if "\x00" in text or len(text) > 2000:
        raise ValueError("the text is too long or has a zero byte")
    return text


def _title(value: Any) -> str:
    text = _text(value)
    if not text or len(text) > 200:
        raise ValueError("write 1 to 200 characters")
    return text


def _address(value: Any) -> str:
    text = _text(value).rstrip("/")
    if text and not is_origin(text):
        raise ValueError(f"{text!r} is not an address such as https://example.org")
    return text.lower()


def _link(value: Any) -> str:
    text = _text(value)
    if text and not re.fullmatch(r"(https?://|mailto:|/(?![/\\]))[^\s<>\"\\]*", text):
        raise ValueError(f"{text!r} is neither a path of this site nor an http address")
    return text


def _language(value: Any) -> str:
    text = _text(value)
    if not LANGUAGE.fullmatch(text):
        raise ValueError(f"{text!r} is not a language code such as en or pt-BR")
    return text


def _time_zone(value: Any) -> str:
    text = _text(value)
    # Only names with a place, and UTC: PostgreSQL does not know the rest (`localtime`, `right/…`) or by other rules.
    if text != "UTC" and (text not in available_timezones() or not re.match(r"[A-Z][A-Za-z]+/", text)):
        raise ValueError(f"{value!r} is not a time zone such as Europe/Berlin")
    return text


def _colour(value: Any) -> str:
    text = _text(value)
    if text and not COLOUR.fullmatch(text):
        raise ValueError(f"{text!r} is not a colour such as #a03c28")
    return text.lower()


def _font(value: Any) -> str:
    if value not in ("serif", "sans"):
        raise ValueError("write serif or sans")
    return str(value)


def _boolean(value: Any) -> bool:
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise ValueError(f"{value!r} is neither true nor false")
    return words[str(value).lower()]


def _comment_rule(value: Any) -> str:
    if value not in ("hold", "known", "show"):
        raise ValueError("write hold, known or show")
    return str(value)


def _days(value: Any) -> int | None:
    text = _text("" if value is None else value)
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 36_500):
        raise ValueError(f"{text!r} is not a number of days")
    return int(text) if text else None


def _navigation(value: Any) -> list[dict[str, str]]:
    items = [{"label": _title(item["label"]), "url": _link(item["url"])} for item in value]
    if not all(item["url"] for item in items):
        raise ValueError("every link of the menu needs a label and an address")
    return items


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "title": _title,
    "tagline": _text,
    "address": _address,
    "language": _language,
    "time_zone": _time_zone,
    "permalink_pattern": lambda value: check_pattern(_text(value)),
    "navigation": _navigation,
    "author_name": _text,
    "author_bio": _text,
    "author_url": _link,
    "author_image_path": _link,
    "accent": _colour,
    "font": _font,
    "icon_path": _link,
    "smart_typography": _boolean,
    "raw_html": _boolean,
    "remote_images": _boolean,
    "comments_open": _boolean,
    "comment_rule": _comment_rule,
    "comments_close_after_days": _days,
}
