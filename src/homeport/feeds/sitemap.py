"""Writes what crawlers ask for: the sitemap (one file, or an index of parts) and robots.txt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from xml.sax.saxutils import escape

from homeport.feeds.markup import DECLARATION, stamp
from homeport.feeds.rows import locate

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_LOCATIONS = 50_000
"""How many locations the protocol allows in one file."""

LOCATIONS_A_CHUNK = 500

PRIVATE_PREFIXES = ("/studio", "/account", "/setup", "/preview", "/api")


@dataclass(frozen=True, slots=True)
class Location:
    """A page that search engines should know, and when it last changed."""

    path: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a sitemap that is too large for one: part 0 has the lists, part n the n-th 50,000 entries ever made."""

    number: int
    count: int
    changed_at: datetime | None

    @property
    def path(self) -> str:
        """Return the path of the file."""
        return f"/sitemap-{self.number}.xml"


def write_urlset(address: str, locations: Iterable[Location]) -> Iterator[bytes]:
    """Yield a sitemap piece by piece, however many locations come."""
    yield f'{DECLARATION}<urlset xmlns="{NAMESPACE}">\n'.encode()
    remaining = iter(locations)
    while chunk := list(islice(remaining, LOCATIONS_A_CHUNK)):
        yield "".join(_place("url", address, place.path, place.changed_at) for place in chunk).encode()
    yield b"</urlset>\n"


def write_unaddressed() -> bytes:
    """Return the sitemap of a site without an address: valid, empty, and with the reason for whoever looks."""
    reason = "<!-- This site has no address yet (SITE_URL), and a sitemap may hold full addresses only. -->"
    return f'{DECLARATION}<urlset xmlns="{NAMESPACE}">\n{reason}\n</urlset>\n'.encode()


def write_index(address: str, parts: Iterable[Part]) -> bytes:
    """Return the sitemap that lists the parts."""
    places = "".join(_place("sitemap", address, part.path, part.changed_at) for part in parts)
    return f'{DECLARATION}<sitemapindex xmlns="{NAMESPACE}">\n{places}</sitemapindex>\n'.encode()


def write_robots(address: str) -> str:
    """Return robots.txt; it names the sitemap only by a full address, because crawlers take no other."""
    lines = ["User-agent: *", *(f"Disallow: {prefix}" for prefix in PRIVATE_PREFIXES)]
    if address:
        lines += ["", f"Sitemap: {address}/sitemap.xml"]
    return "\n".join(lines) + "\n"


def _place(name: str, address: str, path: str, changed_at: datetime | None) -> str:
    last_change = f"<lastmod>{stamp(changed_at)}</lastmod>" if changed_at else ""
    return f"<{name}><loc>{escape(locate(address, path))}</loc>{last_change}</{name}>\n"
