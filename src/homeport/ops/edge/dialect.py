"""What differs between the versions of the proxy that are known here, 2.10 to 2.15."""

from collections.abc import Collection, Mapping
from typing import Any

from homeport.ops.edge.errors import ProxyVersionError
from homeport.ops.edge.state import Version, WantedHost

OLDEST = (2, 10)
NEWEST = (2, 15)
HAS_SETUP = Version(2, 13)
HAS_TRUST_FORWARDED_PROTO = Version(2, 14)

DEFAULT_EMAIL = "admin@example.com"
DEFAULT_PASSWORD = "changeme"  # noqa: S105 - everybody's, up to 2.12; it is here to be refused

WRITABLE = (
    *("domain_names", "forward_scheme", "forward_host", "forward_port", "certificate_id", "ssl_forced", "hsts_enabled"),
    *("hsts_subdomains", "http2_support", "block_exploits", "caching_enabled", "allow_websocket_upgrade"),
    *("access_list_id", "advanced_config", "locations", "trust_forwarded_proto"),
)
SWITCHES = frozenset(
    (
        *("ssl_forced", "hsts_enabled", "hsts_subdomains", "http2_support", "block_exploits", "caching_enabled"),
        *("allow_websocket_upgrade", "trust_forwarded_proto"),
    )
)


def require_known(version: Version) -> None:
    """Refuse a version whose behaviour nobody has looked at."""
    if not OLDEST <= (version.major, version.minor) <= NEWEST:
        raise ProxyVersionError(
            f"the proxy is of version {version}, and known here are 2.10 to 2.15",
            hint="Pin the image, for example jc21/nginx-proxy-manager:2.15.1. Nothing was changed.",
        )


def certificate_request(version: Version, names: Collection[str], email: str) -> dict[str, Any]:
    """Return what the proxy wants to be told to have a certificate issued."""
    meta: dict[str, Any] = {"dns_challenge": False}
    if version < HAS_SETUP:
        # Later ones take the address of the account, and refuse these two.
        meta |= {"letsencrypt_email": email, "letsencrypt_agree": True}
    return {"provider": "letsencrypt", "domain_names": sorted(names), "meta": meta}


def host_fields(version: Version, wanted: WantedHost, certificate_id: int) -> dict[str, Any]:
    """Return every field of a host that is ours to decide.

    HSTS is the site's own header: the proxy's cannot be tuned, and asks for preloading. `caching_enabled` stores
    cookies and replays them to others; `block_exploits` refuses harmless addresses.
    """
    has_tls = wanted.has_tls and certificate_id > 0
    fields: dict[str, Any] = {
        "domain_names": sorted(wanted.names),
        "forward_scheme": wanted.scheme,
        "forward_host": wanted.host,
        "forward_port": wanted.port,
        "certificate_id": certificate_id,
        "ssl_forced": has_tls,
        "hsts_enabled": False,
        "hsts_subdomains": False,
        "http2_support": has_tls,
        "block_exploits": False,
        "caching_enabled": False,
        "allow_websocket_upgrade": wanted.has_websockets,
        "access_list_id": 0,
        "advanced_config": wanted.config,
        "locations": [],
    }
    if version >= HAS_TRUST_FORWARDED_PROTO:
        fields["trust_forwarded_proto"] = False
    return fields


def probe_fields(version: Version, names: Collection[str], config: str) -> dict[str, Any]:
    """Return the fields of a host that only shows that a name leads here."""
    first, *rest = sorted(names)
    # Nothing is passed on; port 9 is the one where everything is thrown away.
    probe = WantedHost(first, tuple(rest), "http", "127.0.0.1", 9, has_tls=False, config=config, marker="")
    return host_fields(version, probe, 0)


def read_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the writable fields of a host as the proxy answers them, in the form in which it would take them."""
    fields = {name: row[name] for name in WRITABLE if name in row}
    for name in fields.keys() & SWITCHES:
        fields[name] = bool(fields[name])
    fields["domain_names"] = sorted(fields["domain_names"])
    # It answers null and refuses it.
    fields["locations"] = fields.get("locations") or []
    fields["certificate_id"] = int(fields.get("certificate_id") or 0)
    fields["access_list_id"] = int(fields.get("access_list_id") or 0)
    fields["advanced_config"] = fields.get("advanced_config") or ""
    return fields
