"""Links that texts from Pelican write to the site's lists, which no row of the reference table can name."""

import re
from urllib.parse import unquote

from homeport.text.slugs import slugify

_PLACE = re.compile(r"[{|](index|tag|category|author)[}|]([^#?]{0,200})(#.*)?", re.DOTALL)
_FOLDERS = {"tag": "/tags/", "category": "/tags/", "author": "/authors/"}


def list_address(written: str) -> str:
    """Return where a link such as `{tag}sea` leads on this site, or nothing when it is no such link."""
    match = _PLACE.fullmatch(unquote(written))
    if match is None:
        return ""
    name, title, fragment = match[1], match[2].strip("/ "), match[3] or ""
    if name == "index":
        return "" if title else "/" + fragment
    slug = slugify(title.removesuffix(".html"))
    return f"{_FOLDERS[name]}{slug}{fragment}" if slug else ""
