"""Turns a declaration into the edge as it should be."""

from homeport.ops.edge.declaration import Declaration, ForwardedHost
from homeport.ops.edge.nginx import forwarded_config, site_config, zone_text
from homeport.ops.edge.state import Wanted, WantedHost

CLOSED = "444"
"""Whoever asks for a name that nobody declared gets no answer at all."""

NO_CUSTOM_FOLDER = (
    "While the site is down, a page stands in for at most ten minutes after it was last asked for. For longer, mount "
    "the proxy's folder /data/nginx/custom into this container and name it in EDGE_CUSTOM_DIR."
)
LOST_CUSTOM_FOLDER = "EDGE_CUSTOM_DIR: {path} is not a folder that can be written to, so the edge does without it."


def wanted_edge(declaration: Declaration, *, has_zone: bool) -> Wanted:
    """Return the edge that the declaration describes; `has_zone` says whether the custom folder can be written to."""
    uses_zone = has_zone and declaration.cache.is_on
    return Wanted(
        hosts=(
            _site_host(declaration, has_zone=uses_zone),
            *(_forwarded(declaration, one) for one in declaration.hosts),
        ),
        default_site=CLOSED,
        zone=zone_text(declaration.cache) if uses_zone else None,
        is_staging=declaration.is_staging,
        remarks=_remarks(declaration, has_zone=has_zone),
    )


def _site_host(declaration: Declaration, *, has_zone: bool) -> WantedHost:
    site = declaration.site
    config, marker = site_config(site, declaration.cache, has_zone=has_zone)
    return WantedHost(
        name=site.name,
        aliases=site.aliases,
        scheme=site.upstream.scheme,
        host=site.upstream.host,
        port=site.upstream.port,
        has_tls=site.has_tls,
        config=config,
        marker=marker,
    )


def _forwarded(declaration: Declaration, one: ForwardedHost) -> WantedHost:
    config, marker = forwarded_config(one)
    return WantedHost(
        name=one.name,
        aliases=(),
        scheme=one.upstream.scheme,
        host=one.upstream.host,
        port=one.upstream.port,
        has_tls=declaration.site.has_tls,
        config=config,
        marker=marker,
        has_websockets=one.has_websockets,
    )


def _remarks(declaration: Declaration, *, has_zone: bool) -> tuple[str, ...]:
    if not declaration.cache.is_on or has_zone:
        return ()
    folder = declaration.proxy.custom_dir
    return (LOST_CUSTOM_FOLDER.format(path=folder) if folder else NO_CUSTOM_FOLDER,)
