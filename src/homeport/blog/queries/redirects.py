"""Where addresses of the past lead, page by page."""

from sqlalchemy import Connection, bindparam, func, literal, or_, select

from homeport.blog.models import Entry, Series, Tag
from homeport.site.models import Redirect

REDIRECTS_SHOWN = 100

_REDIRECTS = (
    select(
        Redirect.path,
        func.coalesce(Redirect.target, Entry.path, "/tags/" + Tag.slug, "/series/" + Series.slug, "").label("target"),
    )
    .outerjoin(Entry, Entry.id == Redirect.entry_id)
    .outerjoin(Tag, Tag.id == Redirect.tag_id)
    .outerjoin(Series, Series.id == Redirect.series_id)
    .where(
        Redirect.path > bindparam("after"),
        or_(Redirect.path.contains(bindparam("wanted"), autoescape=False), literal("") == bindparam("wanted")),
    )
    .order_by(Redirect.path)
    .limit(REDIRECTS_SHOWN)
)


def find_redirects(connection: Connection, wanted: str = "", *, after: str = "") -> list[tuple[str, str]]:
    """Return a page of paths with `wanted` in them, and where each leads; the next page begins after the last one."""
    rows = connection.execute(_REDIRECTS, {"wanted": wanted, "after": after})
    return [(row.path, row.target) for row in rows]
