"""Writes what nginx is to do for a host, as text; the proxy puts it into the host's server block as it is."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeport.ops.edge.declaration import CacheDeclaration, ForwardedHost, SiteDeclaration, Upstream
from homeport.ops.edge.state import MARK

MARKER_PATH = "/.well-known/homeport-edge"
ZONE_FILE = "http_top.conf"
OWN_ZONE = "homeport"
# The proxy's own; what it keeps is forgotten when nobody has asked for it in ten minutes.
BUILT_IN_ZONE = "public-cache"
ZONE_BEGIN = "# homeport: begin (written by `homeport edge apply`)"
ZONE_END = "# homeport: end"

# Only the peer of the last connection is passed on. `$remote_addr` would not do: the proxy lets any peer in a private
# network, such as Docker's own gateway, replace it by a header.
HONEST_HEADERS = (
    ("Host", "$host"),
    ("X-Forwarded-For", "$realip_remote_addr"),
    ("X-Real-IP", "$realip_remote_addr"),
    ("X-Forwarded-Proto", "$scheme"),
    ("X-Request-Id", "$request_id"),
)
# What a client may write there means nothing, and nobody behind the edge should be led to believe it.
ERASED_HEADERS = (
    *("Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Scheme"),
    *("X-Forwarded-Server", "X-Forwarded-Ssl", "X-Forwarded-By", "X-Client-IP", "X-Original-URL", "X-Rewrite-URL"),
)


# Where the site answers each visitor for himself. Everywhere else nobody is known, and every layer may keep answers.
PERSONAL = "~ ^/(studio|account|setup|preview|api|comments)(/|$)"
PATIENT = "@homeport_patient"

PATIENCE = ("proxy_connect_timeout 3s;", "proxy_read_timeout 60s;")
# For ten seconds after a deploy the name still leads to where nobody is left, and who is led there waits so long, until
# the other address is tried. Whoever lives takes connections at once: the supervisor holds the door open.
OWN_PATIENCE = ("proxy_connect_timeout 1500ms;", "proxy_read_timeout 60s;")
# A page that takes longer is asked for once more, with patience, unless there is an older one to show.
PUBLIC_PATIENCE = ("proxy_connect_timeout 500ms;", "proxy_read_timeout 2s;")
# Whoever asks learns the id of this very request, and not that of the one for which a page was kept.
SHOWN_ID = ("proxy_hide_header X-Request-Id;", "add_header X-Request-Id $request_id always;")
ASK_AGAIN = (f"error_page 504 = {PATIENT};",)

ENCODING_VARIABLE = "$homeport_encoding"
# RFC 9110, section 12.5.3: a coding with the weight 0 is refused. What is compressed the site has compressed, better.
ENCODING = (
    f'set {ENCODING_VARIABLE} "";',
    *(
        f'if ($http_accept_encoding ~* "(^|[ ,]){name}[ ]*(;[ ]*q=(1|0[.][0-9]*[1-9])[0-9.]*[ ]*)?(,|$)") '
        f'{{ set {ENCODING_VARIABLE} "{name}"; }}'
        for name in ("gzip", "br")
    ),
)
ONE_FOR_ALL = (
    'proxy_set_header Cookie "";',
    'proxy_set_header Authorization "";',
    f"proxy_set_header Accept-Encoding {ENCODING_VARIABLE};",
    "gzip off;",
)


@dataclass(frozen=True, slots=True)
class Location:
    """Some addresses, and what is done with a request for one of them before it is passed on."""

    of: str
    lines: tuple[str, ...]

    def text(self) -> tuple[str, ...]:
        """Return it as nginx reads it; one for `/`, in this form, has the proxy leave its own out."""
        passed_on = "  proxy_pass $forward_scheme://$server:$port$request_uri;"
        return (f"location {self.of} {{", *(f"  {line}" for line in self.lines), passed_on, "}")


def site_config(site: SiteDeclaration, cache: CacheDeclaration, *, has_zone: bool) -> tuple[str, str]:
    """Return the configuration of the site's host, and the marker in it."""
    scheme = "https" if site.has_tls else "http"
    leads = (
        [f'if ($host != "{site.name}") {{ return 301 {scheme}://{site.name}$request_uri; }}'] if site.aliases else []
    )
    kept = _cache_lines(OWN_ZONE if has_zone else BUILT_IN_ZONE) if cache.is_on else []
    patient, quick = (
        [*_passing_on(connection='""', patience=patience), *SHOWN_ID] for patience in (OWN_PATIENCE, PUBLIC_PATIENCE)
    )
    public = Location("/", (*leads, *quick, *ONE_FOR_ALL, *kept, *ASK_AGAIN))
    asked_again = Location(PATIENT, (*patient, *ONE_FOR_ALL))
    personal = Location(PERSONAL, (*leads, *patient))
    # What the zone is made of is part of the marker: a change of it is a change of the host, and has nginx read it.
    about = zone_text(cache) if has_zone and cache.is_on else ""
    names = (site.name, *sorted(site.aliases))
    return _config(names, site.upstream, site.max_body_bytes, (public, personal, asked_again), ENCODING, about)


def forwarded_config(host: ForwardedHost) -> tuple[str, str]:
    """Return the configuration of another service's host, and the marker in it."""
    upgrade = ["proxy_set_header Upgrade $http_upgrade;"] if host.has_websockets else []
    connection = "$http_connection" if host.has_websockets else '""'
    location = Location("/", (*_passing_on(connection=connection), *upgrade))
    return _config((host.name,), host.upstream, host.max_body_bytes, (location,))


def probe_config(marker: str) -> str:
    """Return the configuration of a host that does nothing but show a marker."""
    return "\n".join((f"{MARK}{marker}", *_marker_lines(marker), "location / {", "  return 404;", "}", ""))


def uses_own_zone(config: str) -> bool:
    """Say whether a configuration needs the zone that only the custom folder can declare."""
    return f"proxy_cache {OWN_ZONE};" in config


def zone_text(cache: CacheDeclaration) -> str:
    """Return what the proxy's custom folder needs for pages to stand in for longer than ten minutes."""
    return (
        f"proxy_cache_path /var/lib/nginx/cache/{OWN_ZONE} levels=1:2 keys_zone={OWN_ZONE}:10m "
        f"max_size={cache.max_megabytes}m inactive={cache.stale_hours}h use_temp_path=off;"
    )


def with_zone(text: str, zone: str) -> str:
    """Return the text of the file with our lines in it, and everything else as it was."""
    return f"{without_zone(text)}{ZONE_BEGIN}\n{zone}\n{ZONE_END}\n"


def without_zone(text: str) -> str:
    """Return the text of the file as it is without our lines."""
    kept: list[str] = []
    is_ours = False
    for line in text.splitlines():
        is_ours = is_ours or line == ZONE_BEGIN
        if not is_ours:
            kept.append(line)
        is_ours = is_ours and line != ZONE_END
    return "".join(f"{line}\n" for line in kept)


def _config(
    names: Iterable[str],
    upstream: Upstream,
    max_body_bytes: int,
    locations: Iterable[Location],
    before: Iterable[str] = (),
    about: str = "",
) -> tuple[str, str]:
    body = "\n".join(
        (
            f"client_max_body_size {max_body_bytes};",
            "large_client_header_buffers 4 8k;",
            "{marker}",
            *before,
            *(line for location in locations for line in location.text()),
            "",
        )
    )
    identity = "\n".join((*names, repr(upstream), about, *_marker_lines(""), body))
    marker = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return f"{MARK}{marker}\n{body.replace('{marker}', chr(10).join(_marker_lines(marker)))}", marker


def _marker_lines(marker: str) -> tuple[str, ...]:
    return (
        f"location = {MARKER_PATH} {{",
        "  default_type text/plain;",
        "  add_header Cache-Control no-store;",
        f'  return 200 "{marker}";',
        "}",
    )


def _passing_on(*, connection: str, patience: Sequence[str] = PATIENCE) -> list[str]:
    return [
        "proxy_http_version 1.1;",
        f"proxy_set_header Connection {connection};",
        *(f"proxy_set_header {name} {value};" for name, value in HONEST_HEADERS),
        *(f'proxy_set_header {name} "";' for name in ERASED_HEADERS),
        *patience,
    ]


def _cache_lines(zone: str) -> list[str]:
    """Keep what the site allows, for as long as it says.

    Who finds a page that is out of date waits for one question to the site, whether it has changed; `updating` is what
    the others get meanwhile.
    """
    return [
        f"proxy_cache {zone};",
        # Without the host two hosts with one upstream would share what is kept.
        f'proxy_cache_key "$scheme$host$request_uri {ENCODING_VARIABLE}";',
        # By the words of Accept-Encoding there would be a copy for each browser; the key has what they come down to.
        "proxy_ignore_headers Vary;",
        "proxy_cache_revalidate on;",
        "proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;",
        "proxy_cache_lock on;",
        "proxy_cache_lock_timeout 3s;",
        # Pages are small: one that is open already, and sent in one piece with its head, costs two thirds of one that
        # is opened and sent as a file each time. A page that was replaced has another number, and is opened anew.
        "open_file_cache max=1000 inactive=60s;",
        "sendfile off;",
        "add_header X-Edge-Cache $upstream_cache_status;",
    ]
