"""Reading the site's settings."""

import json
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Text, cast, select

from homeport.db.prepared import PreparedStatement
from homeport.site.models import Site
from homeport.site.rows import NavigationItem, SiteCard

# One process shows one site; tests have some.
MOST_SITES = 4

_SITE = PreparedStatement(
    "site",
    select(
        Site.title,
        Site.tagline,
        Site.address,
        Site.language,
        Site.time_zone,
        Site.permalink_pattern,
        cast(Site.navigation, Text).label("navigation"),
        Site.author_name,
        Site.author_bio,
        Site.author_url,
        Site.author_image_path,
        Site.accent,
        Site.font,
        Site.icon_path,
        Site.remote_images,
        Site.comments_open,
        Site.comment_rule,
        Site.comments_close_after_days,
        Site.smart_typography,
    ),
)


def load_site(connection: Connection, *, address: str = "") -> SiteCard:
    """Return the site's settings: the same object as the last time, while nothing about them has changed.

    An `address` from the configuration wins over the stored one.
    """
    return _site_of(_SITE.execute(connection).one(), address)


@lru_cache(MOST_SITES)
def _site_of(row: Row[Any], address: str) -> SiteCard:
    return SiteCard(
        title=row.title,
        tagline=row.tagline,
        address=address or row.address,
        language=row.language,
        time_zone=ZoneInfo(row.time_zone),
        permalink_pattern=row.permalink_pattern,
        navigation=tuple(NavigationItem(item["label"], item["url"]) for item in json.loads(row.navigation)),
        author_name=row.author_name,
        author_bio=row.author_bio,
        author_url=row.author_url,
        author_image_path=row.author_image_path,
        accent=row.accent,
        font=row.font,
        icon_path=row.icon_path,
        remote_images=row.remote_images,
        comments_open=row.comments_open,
        comment_rule=row.comment_rule,
        comments_close_after_days=row.comments_close_after_days,
        smart_typography=row.smart_typography,
    )


def other_spelling(path: str) -> str:
    """Return the path with its final slash taken away or added: people and old sites write it either way."""
    return path.rstrip("/") if path.endswith("/") and path != "/" else f"{path}/"
