"""The site's settings for the request under way."""

from flask import g

from homeport.site.queries import load_site
from homeport.site.rows import SiteCard
from homeport.web.database import reader
from homeport.web.slots import kernel


def current_site() -> SiteCard:
    """Return the site's settings, read once a request."""
    if "site" not in g:
        g.site = load_site(reader(), address=kernel().settings.site_url)
    site: SiteCard = g.site
    return site
