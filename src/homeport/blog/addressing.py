"""What an entry is called in an address: by its author's choice, or else by its title or first words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from homeport.errors import InvalidError
from homeport.site.models import Site
from homeport.site.permalinks import Permalinks, is_reserved
from homeport.text.slugs import is_slug, slugify

FALLBACK_SLUG = "untitled"


class SlugError(InvalidError):
    """A slug that cannot stand in an address of this site."""


def check_slug(slug: str, kind: str) -> str:
    """Return the slug that somebody has chosen.

    Raises SlugError.
    """
    if not is_slug(slug):
        raise SlugError(f"{slug!r} is not a slug", hint="A slug has letters, digits, dots and hyphens: my-first-post.")
    if kind == "page" and is_reserved(f"/{slug}"):
        raise SlugError(f"/{slug} belongs to the site itself", hint="Give the page another slug.")
    return slug


def made_slug(title: str | None, source: str, kind: str, pattern: str) -> str:
    """Return the slug that an entry gets when nobody chooses one, for the site's permalink pattern."""
    made = slugify(title or "") or slugify(" ".join(source[:1000].split()[:8])) or FALLBACK_SLUG
    return f"{made}-{'page' if kind == 'page' else 'post'}" if is_own_place(kind, made, pattern) else made


def is_own_place(kind: str, slug: str, pattern: str) -> bool:
    """Say whether the site itself answers where an entry with this slug would live by the pattern."""
    return is_reserved(("/{slug}" if kind == "page" else pattern).replace("{slug}", slug))


def path_for(site: Site, kind: str, slug: str, published_at: datetime | None) -> str | None:
    """Return the address of an entry, or None while it lacks the date that the site's pattern needs."""
    if kind == "page":
        return f"/{slug}"
    return Permalinks(site.permalink_pattern, ZoneInfo(site.time_zone)).path(slug, published_at)
