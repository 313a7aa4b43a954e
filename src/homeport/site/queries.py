"""Reading the site's settings, and where paths of the past lead now."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, case, literal, select, union_all

from homeport.site.models import Gone, PermalinkPattern, Redirect, Site
from homeport.site.permalinks import slug_of
from homeport.site.rows import NavigationItem, SiteCard


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a path that no live entry has: a redirect's target, that it is gone, or old patterns to try."""

    entry_id: int | None = None
    tag_id: int | None = None
    series_id: int | None = None
    target: str | None = None
    is_gone: bool = False
    old_slugs: tuple[str, ...] = ()

    @property
    def is_redirect(self) -> bool:
        """Say whether a redirect was found."""
        return (self.entry_id, self.tag_id, self.series_id, self.target) != (None, None, None, None)


_SITE = select(
    Site.title,
    Site.tagline,
    Site.address,
    Site.language,
    Site.time_zone,
    Site.permalink_pattern,
    Site.navigation,
    Site.author_name,
    Site.author_bio,
    Site.author_url,
    Site.author_image_path,
    Site.accent,
    Site.font,
    Site.icon_path,
    Site.remote_images,
)

_NOTHING = literal(None)
_PAST = union_all(
    select(
        literal(0).label("rank"),
        Redirect.entry_id,
        Redirect.tag_id,
        Redirect.series_id,
        Redirect.target,
        case((Redirect.path == bindparam("path"), 0), else_=1).label("distance"),
    ).where(Redirect.path.in_([bindparam("path"), bindparam("other")])),
    select(literal(1), _NOTHING, _NOTHING, _NOTHING, PermalinkPattern.pattern, literal(0)),
    select(literal(2), _NOTHING, _NOTHING, _NOTHING, Gone.path, literal(0)).where(
        Gone.path.in_([bindparam("path"), bindparam("other")])
    ),
).order_by("rank", "distance")


def load_site(connection: Connection, *, address: str = "") -> SiteCard:
    """Return the site's settings; an `address` from the configuration wins over the stored one."""
    row = connection.execute(_SITE).one()
    return SiteCard(
        title=row.title,
        tagline=row.tagline,
        address=address or row.address,
        language=row.language,
        time_zone=ZoneInfo(row.time_zone),
        permalink_pattern=row.permalink_pattern,
        navigation=tuple(NavigationItem(item["label"], item["url"]) for item in row.navigation),
        author_name=row.author_name,
        author_bio=row.author_bio,
        author_url=row.author_url,
        author_image_path=row.author_image_path,
        accent=row.accent,
        font=row.font,
        icon_path=row.icon_path,
        remote_images=row.remote_images,
    )


def find_past(connection: Connection, path: str) -> Past:
    """Return what is known of a path that leads to no live entry, in one statement."""
    rows = connection.execute(_PAST, {"path": path, "other": other_spelling(path)}).all()
    if rows and rows[0].rank == 0:
        first = rows[0]
        return Past(entry_id=first.entry_id, tag_id=first.tag_id, series_id=first.series_id, target=first.target)
    slugs = (slug_of(row.target, path) for row in rows if row.rank == 1)
    return Past(is_gone=any(row.rank == 2 for row in rows), old_slugs=tuple(slug for slug in slugs if slug))


def other_spelling(path: str) -> str:
    """Return the path with its final slash taken away or added: people and old sites write it either way."""
    return path.rstrip("/") if path.endswith("/") and path != "/" else f"{path}/"
