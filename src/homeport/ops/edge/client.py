"""What the proxy can be asked and told, in our words; each write is one request."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from homeport.ops.edge.dialect import certificate_request, read_fields
from homeport.ops.edge.errors import ProxyAwayError
from homeport.ops.edge.session import Session
from homeport.ops.edge.state import Certificate, Host, Version

# The proxy's own nginx gives a request fifteen minutes.
ISSUE_TIMEOUT_SECONDS = 900.0
OTHER_KINDS = {"/nginx/redirection-hosts": "redirection host", "/nginx/dead-hosts": "404 host"}


class Proxy:
    """A proxy, through a session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def greet(self) -> tuple[Version, bool]:
        """Return its version, and whether somebody is its administrator already."""
        data = self.session.call("GET", "/")
        try:
            version = data["version"]
            return Version(int(version["major"]), int(version["minor"]), int(version["revision"])), data.get(
                "setup", True
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ProxyAwayError("what answers is not Nginx Proxy Manager, or not one that is known here") from error

    def list_hosts(self) -> tuple[Host, ...]:
        """Return its proxy hosts."""
        return tuple(_host(row) for row in self._rows("/nginx/proxy-hosts"))

    def host(self, number: int) -> Host:
        """Return one host as it is now."""
        return _host(self.session.call("GET", f"/nginx/proxy-hosts/{number}"))

    def list_certificates(self) -> tuple[Certificate, ...]:
        """Return its certificates; keys that come along are not looked at."""
        return tuple(_certificate(row) for row in self._rows("/nginx/certificates"))

    def other_names(self) -> dict[str, str]:
        """Return the names that belong to something else than a proxy host, and to what."""
        return {
            name.lower(): kind
            for path, kind in OTHER_KINDS.items()
            for row in self._rows(path)
            for name in row["domain_names"]
        }

    def default_site(self) -> str:
        """Return what is answered to a name that no host has."""
        return str(self.session.call("GET", "/settings/default-site")["value"])

    def set_default_site(self, value: str) -> None:
        """Decide what is answered to a name that no host has."""
        self.session.call("PUT", "/settings/default-site", {"value": value})

    def create_host(self, fields: Mapping[str, Any]) -> int:
        """Make a host and return its number; that does not mean that nginx has taken it."""
        return int(self.session.call("POST", "/nginx/proxy-hosts", dict(fields))["id"])

    def put_host(self, number: int, fields: Mapping[str, Any]) -> None:
        """Write fields of a host; that does not mean that nginx has taken them."""
        self.session.call("PUT", f"/nginx/proxy-hosts/{number}", dict(fields))

    def delete_host(self, number: int) -> None:
        """Take a host away."""
        self.session.call("DELETE", f"/nginx/proxy-hosts/{number}")

    def disable_host(self, number: int) -> None:
        """Switch a host off, which takes its file from nginx."""
        self.session.call("POST", f"/nginx/proxy-hosts/{number}/disable")

    def enable_host(self, number: int) -> None:
        """Switch a host on."""
        self.session.call("POST", f"/nginx/proxy-hosts/{number}/enable")

    def issue(self, version: Version, names: Collection[str]) -> int:
        """Have a certificate issued and return its number; hosts with these names are down until written again."""
        body = certificate_request(version, names, self.session.identity)
        row = self.session.call("POST", "/nginx/certificates", body, timeout_seconds=ISSUE_TIMEOUT_SECONDS)
        return int(row["id"])

    def renew(self, number: int) -> None:
        """Have a certificate renewed; the former one is served until a host is written."""
        self.session.call("POST", f"/nginx/certificates/{number}/renew", timeout_seconds=ISSUE_TIMEOUT_SECONDS)

    def create_admin(self, email: str, secret: str) -> None:
        """Become the administrator of a proxy that has none."""
        body = {
            "name": "Homeport",
            "nickname": "Homeport",
            "email": email,
            "roles": ["admin"],
            "is_disabled": False,
            "auth": {"type": "password", "secret": secret},
        }
        self.session.call("POST", "/users", body)

    def change_password(self, current: str, secret: str) -> None:
        """Give the account of the session another password."""
        body = {"type": "password", "current": current, "secret": secret}
        self.session.call("PUT", "/users/me/auth", body)

    def change_email(self, email: str) -> None:
        """Give the account of the session another mail address, which is the name it signs in with."""
        self.session.call("PUT", "/users/me", {"name": "Homeport", "nickname": "Homeport", "email": email})

    def _rows(self, path: str) -> Sequence[Mapping[str, Any]]:
        rows = self.session.call("GET", path)
        if not isinstance(rows, list):
            raise ProxyAwayError(f"the proxy answers to {path} in a way that is not known here")
        return rows


def _host(row: Mapping[str, Any]) -> Host:
    meta = row.get("meta") or {}
    return Host(
        id=int(row["id"]),
        fields=read_fields(row),
        is_enabled=bool(row.get("enabled", True)),
        is_online=bool(meta.get("nginx_online", True)),
        fault=str(meta.get("nginx_err") or ""),
    )


def _certificate(row: Mapping[str, Any]) -> Certificate:
    return Certificate(
        id=int(row["id"]),
        names=frozenset(name.lower() for name in row["domain_names"]),
        is_renewable=row.get("provider") == "letsencrypt",
        created_at=_moment(row.get("created_on")),
        modified_at=_moment(row.get("modified_on")),
        expires_at=_moment(row.get("expires_on")),
    )


def _moment(text: Any) -> datetime:
    """Read a time of the proxy; it is in a zone that it does not say, so it is good for days, not for hours."""
    with suppress(TypeError, ValueError):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    return datetime.fromtimestamp(0, UTC)
