"""Every key of a declaration: what it is called in the file and in the environment, its default, what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeport.ops.edge import values

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Key:
    """One value of the declaration; an empty `default` is one that has to be given where `is_needed`."""

    path: str
    variable: str
    parse: Callable[[Any], Any]
    help: str
    default: str = ""
    example: str = ""
    is_needed: bool = False

    @property
    def table(self) -> str:
        """The table of the file that it stands in."""
        return self.path.partition(".")[0]

    @property
    def name(self) -> str:
        """Its name in that table."""
        return self.path.partition(".")[2]


KEYS = (
    Key(
        "site.address",
        "SITE_URL",
        values.site_address,
        "Public address of the site. With `https://` it gets a certificate, and `http://` only leads there.",
        example="https://example.org",
        is_needed=True,
    ),
    Key(
        "site.aliases",
        "EDGE_ALIASES",
        values.host_names,
        "Names that only lead to the site's address, such as www or the bare domain; the DNS has to have each of them.",
        example="www.example.org",
    ),
    Key(
        "site.upstream",
        "EDGE_UPSTREAM",
        values.upstream,
        "Where the site listens, seen from the proxy.",
        default="http://flask-blog:5000",
    ),
    Key(
        "site.max_body_bytes",
        "REQUEST_MAX_BYTES",
        values.whole(1024, 2**31),
        "Largest request body that the edge passes on; the same as the site's own limit.",
        default=str(32 * MEGABYTE),
    ),
    Key(
        "tls.email",
        "EDGE_EMAIL",
        values.mail_address,
        "Mail address for the certificate authority; it is also the name of the proxy's administrator.",
        example="me@example.org",
        is_needed=True,
    ),
    Key(
        "tls.staging",
        "EDGE_STAGING",
        values.switch,
        "true: certificates of the authority's rehearsal are right. The proxy itself needs `LE_STAGING=true` as well.",
        default="false",
    ),
    Key(
        "cache.enabled",
        "EDGE_CACHE",
        values.switch,
        "true: the edge keeps what the site allows it to keep, and stands in while the site is down or late.",
        default="true",
    ),
    Key(
        "cache.stale_hours",
        "EDGE_STALE_HOURS",
        values.whole(1, 24 * 30),
        "For how long after it was last asked for a page may stand in; needs `custom_dir`, else it is ten minutes.",
        default="24",
    ),
    Key(
        "cache.max_megabytes",
        "EDGE_CACHE_MEGABYTES",
        values.whole(16, 1024 * 1024),
        "How much the edge keeps; needs `custom_dir`, else it is 192.",
        default="512",
    ),
    Key(
        "proxy.url",
        "EDGE_PROXY_URL",
        values.proxy_url,
        "Address of the proxy's administration.",
        default="http://nginx-proxy-manager:81",
    ),
    Key(
        "proxy.password_file",
        "EDGE_PASSWORD_FILE",
        values.readable_file,
        "File with the administrator's password, 8 to 64 characters.",
        example="/run/secrets/npm_password",
        is_needed=True,
    ),
    Key(
        "proxy.initial_password_file",
        "EDGE_INITIAL_PASSWORD_FILE",
        values.readable_file,
        "File with the password that the proxy was first started with (`INITIAL_ADMIN_PASSWORD__FILE`). The proxy "
        "writes it into its log, so it is exchanged for the other at once, and proven to open nothing any more.",
        example="/run/secrets/npm_initial_password",
    ),
    Key(
        "proxy.custom_dir",
        "EDGE_CUSTOM_DIR",
        values.path,
        "The proxy's folder `/data/nginx/custom`, mounted here, writable; best with the whole volume, so that "
        "certbot's log can be quoted.",
        example="/npm/nginx/custom",
    ),
    Key(
        "outside.address",
        "EDGE_OUTSIDE_ADDRESS",
        values.text,
        "Host that is asked when the edge is looked at from outside, for servers that do not reach their own public "
        "address. Empty: what the DNS says.",
        example="nginx-proxy-manager",
    ),
    Key("outside.http_port", "EDGE_OUTSIDE_HTTP_PORT", values.whole(1, 65535), "Its port for http.", default="80"),
    Key("outside.https_port", "EDGE_OUTSIDE_HTTPS_PORT", values.whole(1, 65535), "Its port for https.", default="443"),
    Key(
        "outside.authorities_file",
        "EDGE_AUTHORITIES_FILE",
        values.readable_file,
        "Certificates of the authorities that are trusted, instead of the system's.",
    ),
)

HOST_KEYS = (
    Key("host.name", "", values.host_name, "Its name in the DNS.", example="git.example.org", is_needed=True),
    Key(
        "host.upstream",
        "",
        values.upstream,
        "Where it listens, seen from the proxy.",
        example="http://gitea:3000",
        is_needed=True,
    ),
    Key("host.websockets", "", values.switch, "true: web sockets are passed on.", default="false"),
    Key(
        "host.max_body_bytes",
        "",
        values.whole(1024, 2**40),
        "Largest request body that is passed on.",
        default=str(32 * MEGABYTE),
    ),
)

FILE_VARIABLE = "EDGE_FILE"
