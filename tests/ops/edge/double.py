"""Nginx Proxy Manager as it really behaves, 2.10 to 2.15, misbehaviours included.

It follows what was observed on the running program. Where that is surprising, a comment says so.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.ops.edge.authority import Authority, RefusedOrderError
from tests.ops.edge.engine import Engine

HOST_TYPES: dict[str, type | tuple[type, ...]] = {
    "domain_names": list,
    "forward_scheme": str,
    "forward_host": str,
    "forward_port": int,
    "certificate_id": (int, str),
    "ssl_forced": bool,
    "hsts_enabled": bool,
    "hsts_subdomains": bool,
    "http2_support": bool,
    "block_exploits": bool,
    "caching_enabled": bool,
    "allow_websocket_upgrade": bool,
    "enabled": bool,
    "trust_forwarded_proto": bool,
    "access_list_id": int,
    "advanced_config": str,
    "meta": dict,
    "locations": list,
}
SWITCHES = {name for name, kind in HOST_TYPES.items() if kind is bool}
NEEDED = ("domain_names", "forward_scheme", "forward_host", "forward_port")
DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(SWITCHES, False),
    "enabled": True,
    "certificate_id": 0,
    "access_list_id": 0,
    "advanced_config": "",
    "locations": None,
}
READ_ONLY_AGAIN = {"id", "created_on", "modified_on", "owner_user_id"}


class RefusalError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str, debug: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.debug = debug


@dataclass
class User:
    """Somebody who may sign in."""

    id: int
    email: str
    secret: str
    has_second_factor: bool = False


@dataclass
class Double:
    """One proxy."""

    engine: Engine
    authority: Authority
    version: tuple[int, int, int] = (2, 15, 1)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    users: list[User] = field(default_factory=list)
    hosts: dict[int, dict[str, Any]] = field(default_factory=dict)
    certificates: dict[int, dict[str, Any]] = field(default_factory=dict)
    redirections: list[dict[str, Any]] = field(default_factory=list)
    dead: list[dict[str, Any]] = field(default_factory=list)
    default_site: str = "congratulations"
    tokens: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    expiries_asked: list[str] = field(default_factory=list)
    last_id: int = 0
    is_certbot_busy: int = 0

    def __post_init__(self) -> None:
        if self.version < (2, 13, 0) and not self.users:
            self.users.append(User(1, "admin@example.com", "changeme"))

    # -- What is asked

    def handle(self, method: str, path: str, token: str, body: bytes | None) -> tuple[int, Any]:
        """Answer a request as the program does."""
        plain, _, query = path.partition("?")
        self.requests.append(f"{method} {plain}")
        if "expiry=" in query or b'"expiry"' in (body or b""):
            self.expiries_asked.append(path)
        try:
            data = json.loads(body) if body else None
        except ValueError:
            return 400, {"error": {"code": 400, "message": "Internal Error"}}
        if method != "GET" and plain != "/tokens":
            self.writes.append(f"{method} {plain}")
        try:
            return self._route(method, plain, token, data)
        except RefusalError as refusal:
            answer: dict[str, Any] = {"error": {"code": refusal.status, "message": str(refusal)}}
            if refusal.debug is not None:
                answer["debug"] = refusal.debug
            return refusal.status, answer

    def _route(self, method: str, path: str, token: str, data: Any) -> tuple[int, Any]:
        if (method, path) == ("GET", "/"):
            return 200, self._greeting()
        if (method, path) == ("POST", "/tokens"):
            return self._sign_in(data)
        if (method, path) == ("POST", "/users") and self.version >= (2, 13, 0) and not self.users:
            # Whoever comes first.
            return 201, self._make_user(data)
        user = self._user_of(method, path, token)
        for pattern, handler in self._routes().items():
            if match := re.fullmatch(pattern, f"{method} {path}"):
                return handler(user, data, *map(int, match.groups()))
        raise RefusalError(404, f"Not Found - {path}")

    def _routes(self) -> dict[str, Callable[..., tuple[int, Any]]]:
        return {
            r"GET /nginx/proxy-hosts": lambda *_: (200, [self._shown(row) for row in self.hosts.values()]),
            r"POST /nginx/proxy-hosts": self._create_host,
            r"GET /nginx/proxy-hosts/(\d+)": lambda _u, _d, number: (200, self._shown(self._host(number))),
            r"PUT /nginx/proxy-hosts/(\d+)": self._put_host,
            r"DELETE /nginx/proxy-hosts/(\d+)": self._delete_host,
            r"POST /nginx/proxy-hosts/(\d+)/enable": self._enable_host,
            r"POST /nginx/proxy-hosts/(\d+)/disable": self._disable_host,
            r"GET /nginx/certificates": lambda *_: (200, list(self.certificates.values())),
            r"POST /nginx/certificates": self._create_certificate,
            r"POST /nginx/certificates/(\d+)/renew": self._renew,
            r"DELETE /nginx/certificates/(\d+)": self._delete_certificate,
            r"GET /nginx/redirection-hosts": lambda *_: (200, self.redirections),
            r"GET /nginx/dead-hosts": lambda *_: (200, self.dead),
            r"GET /settings/default-site": lambda *_: (200, {"id": "default-site", "value": self.default_site}),
            r"PUT /settings/default-site": self._put_default_site,
            r"PUT /users/me": self._put_me,
            r"PUT /users/me/auth": self._put_auth,
        }

    # -- Users and tokens

    def _greeting(self) -> dict[str, Any]:
        major, minor, revision = self.version
        greeting: dict[str, Any] = {
            "status": "OK",
            "version": {"major": major, "minor": minor, "revision": revision},
        }
        return {**greeting, "setup": bool(self.users)} if self.version >= (2, 13, 0) else greeting

    def _sign_in(self, data: Any) -> tuple[int, Any]:
        identity = str(data["identity"]).strip().lower()
        user = next((one for one in self.users if one.email == identity), None)
        if user is None or user.secret != data["secret"]:
            raise RefusalError(400 if self.version >= (2, 13, 0) else 401, "Invalid email or password")
        if user.has_second_factor:
            return 200, {"requires_2fa": True, "challenge_token": "challenge"}
        token = f"token-{len(self.tokens)}-of-{user.id}"
        ends = self.now() + timedelta(days=1)
        self.tokens[token] = (user.id, ends)
        return 200, {"token": token, "expires": ends.isoformat().replace("+00:00", "Z")}

    def _user_of(self, method: str, path: str, token: str) -> User:
        if not token:
            if self.version < (2, 13, 0):
                raise RefusalError(403, "Permission Denied")
            # It means 403 and says this.
            raise RefusalError(500, "Internal Error") if method == "POST" else RefusalError(404, f"Not Found - {path}")
        if token not in self.tokens:
            raise RefusalError(500, "Internal Error")
        number, ends = self.tokens[token]
        if ends <= self.now():
            raise RefusalError(400 if self.version >= (2, 13, 0) else 401, "Token has expired")
        # A token lives on when the password has been changed.
        return next(one for one in self.users if one.id == number)

    def _make_user(self, data: Any) -> dict[str, Any]:
        user = User(self._next(), data["email"].lower(), data["auth"]["secret"])
        self.users.append(user)
        return {"id": user.id, "email": user.email, "roles": ["admin"]}

    def _put_me(self, user: User, data: Any) -> tuple[int, Any]:
        _refuse_unknown(data, {"name", "nickname", "email", "roles", "is_disabled"})
        user.email = data.get("email", user.email).lower()
        return 200, {"id": user.id, "email": user.email}

    def _put_auth(self, user: User, data: Any) -> tuple[int, Any]:
        if not 8 <= len(data["secret"]) <= 64:
            raise RefusalError(400, "data/secret must NOT have fewer than 8 characters")
        if data.get("current") != user.secret:
            raise RefusalError(400, "Current password was not supplied")
        user.secret = data["secret"]
        return 200 if self.version >= (2, 12, 0) else 201, True

    # -- Hosts

    def _shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row as it is answered: numbers for switches up to 2.11, null for no locations."""
        shown = {name: value for name, value in row.items() if name != "trust_forwarded_proto"}
        if self.version >= (2, 14, 0):
            shown["trust_forwarded_proto"] = row["trust_forwarded_proto"]
        if self.version < (2, 12, 0):
            shown = {name: int(value) if name in SWITCHES else value for name, value in shown.items()}
        return shown

    def _host(self, number: int) -> dict[str, Any]:
        if number not in self.hosts:
            raise RefusalError(404, f"Not Found - {number}")
        return self.hosts[number]

    def _checked(self, data: Any, *, needs: tuple[str, ...] = ()) -> dict[str, Any]:
        known = set(HOST_TYPES) - (set() if self.version >= (2, 14, 0) else {"trust_forwarded_proto"})
        _refuse_unknown(data, known)
        for name in needs:
            if name not in data:
                raise RefusalError(400, f"data must have required property '{name}'")
        for name, value in data.items():
            if not isinstance(value, HOST_TYPES[name]) or (HOST_TYPES[name] is int and isinstance(value, bool)):
                raise RefusalError(400, f"data/{name} must be of another type")
        return dict(data)

    def _require_free(self, names: list[str], besides: int = 0) -> None:
        others = [row["domain_names"] for row in self.redirections + self.dead]
        others += [row["domain_names"] for number, row in self.hosts.items() if number != besides]
        for name in names:
            if any(name.lower() in (one.lower() for one in taken) for taken in others):
                raise RefusalError(400, f"{name} is already in use")

    def _create_host(self, _user: User, data: Any) -> tuple[int, Any]:
        checked = self._checked(data, needs=NEEDED)
        is_new = checked.get("certificate_id") == "new"
        if is_new:
            del checked["certificate_id"]
        self._require_free(checked["domain_names"])
        row = self._cleaned({**DEFAULTS, "meta": {}, **checked, "id": self._next()})
        row["domain_names"] = sorted(row["domain_names"])
        self.hosts[row["id"]] = row
        # The answer says nothing of whether nginx has taken it.
        answer = {**self._shown(row), "meta": {}}
        if is_new:
            row["certificate_id"] = self._certificate(row["domain_names"], {})["id"]
        self._configure(row)
        return 201, answer

    def _put_host(self, _user: User, data: Any, number: int) -> tuple[int, Any]:
        row = self._host(number)
        checked = self._checked(data)
        self._require_free(checked.get("domain_names", []), besides=number)
        row.update(self._cleaned({**row, **checked}))
        row["domain_names"] = sorted(row["domain_names"])
        # A host that was switched off by this stays served.
        if row["enabled"]:
            self._configure(row)
        return 200, self._shown(row)

    def _delete_host(self, _user: User, _data: Any, number: int) -> tuple[int, Any]:
        self._host(number)
        del self.hosts[number]
        self.engine.remove(number)
        self._reload()
        return 200, True

    def _enable_host(self, _user: User, _data: Any, number: int) -> tuple[int, Any]:
        row = self._host(number)
        if row["enabled"]:
            raise RefusalError(400, "Host is already enabled")
        row["enabled"] = True
        self._configure(row)
        return 200, True

    def _disable_host(self, _user: User, _data: Any, number: int) -> tuple[int, Any]:
        row = self._host(number)
        if not row["enabled"]:
            raise RefusalError(400, "Host is already disabled")
        row["enabled"] = False
        self.engine.remove(number)
        self._reload()
        return 200, True

    def _cleaned(self, row: dict[str, Any]) -> dict[str, Any]:
        """Without a certificate there is no forced TLS, and nothing that follows from it."""
        if not row["certificate_id"]:
            row |= {"ssl_forced": False, "http2_support": False}
        if not row["ssl_forced"]:
            row["hsts_enabled"] = False
        if not row["hsts_enabled"]:
            row["hsts_subdomains"] = False
        return row

    def _configure(self, row: dict[str, Any]) -> None:
        """Write the configuration of a host; a bad one is taken away, and the good one that was there is gone too."""
        if fault := self.engine.test():
            # The row has been written all the same.
            raise RefusalError(500, "Internal Error", {"stack": [fault]})
        self.engine.remove(row["id"])
        self.engine.write(row, has_certificate=row["certificate_id"] in self.certificates)
        fault = self.engine.test()
        row["meta"] = {**row["meta"], "nginx_online": not fault, "nginx_err": fault or None}
        if fault:
            self.engine.remove(row["id"])
        self.engine.reload()

    def _reload(self) -> None:
        if fault := self.engine.test():
            raise RefusalError(500, "Internal Error", {"stack": [fault]})
        self.engine.reload()

    def _put_default_site(self, _user: User, data: Any) -> tuple[int, Any]:
        _refuse_unknown(data, {"value", "meta"})
        if data["value"] not in ("congratulations", "404", "444", "redirect", "html"):
            raise RefusalError(400, "data/value must be equal to one of the allowed values")
        self.default_site = data["value"]
        self.engine.write_default(data["value"])
        self._reload()
        return 200, {"id": "default-site", "value": self.default_site}

    # -- Certificates

    def _create_certificate(self, user: User, data: Any) -> tuple[int, Any]:
        _refuse_unknown(data, {"provider", "nice_name", "domain_names", "meta"})
        allowed = {"dns_challenge", "dns_provider", "dns_provider_credentials", "propagation_seconds", "key_type"}
        if self.version < (2, 13, 0):
            allowed |= {"letsencrypt_email", "letsencrypt_agree"}
        _refuse_unknown(data.get("meta", {}), allowed)
        email = data["meta"].get("letsencrypt_email", "undefined") if self.version < (2, 13, 0) else user.email
        return 201, self._certificate(data["domain_names"], data["meta"], email)

    def _certificate(self, names: list[str], meta: dict[str, Any], email: str = "") -> dict[str, Any]:
        number = self._next()
        moment = _stamp(self.now())
        row = {
            "id": number,
            "provider": "letsencrypt",
            "nice_name": ", ".join(names),
            "domain_names": sorted(names),
            "expires_on": moment,
            "created_on": moment,
            "modified_on": moment,
            "meta": meta,
        }
        # From here on a crash leaves a row behind that ends where it began, and has no files.
        self.certificates[number] = row
        in_use = [host for host in self.hosts.values() if {*host["domain_names"]} & {*names}]
        try:
            self._order(number, names, email, in_use)
        except RefusedOrderError as refusal:
            del self.certificates[number]
            raise RefusalError(500, "Internal Error", _debug(refusal.said)) from refusal
        row["expires_on"] = _stamp(self.engine.file(number).ends_at)
        return {**row, "meta": {**meta, "letsencrypt_certificate": {"cn": names[0]}}}

    def _order(self, number: int, names: list[str], email: str, in_use: list[dict[str, Any]]) -> None:
        """Ask the authority; hosts with these names are down meanwhile, and come back without their certificate."""
        for host in in_use:
            self.engine.remove(host["id"])
        self.engine.write_request(number, names)
        self._reload()
        try:
            self._refuse_at_once(email)
            self.engine.files[number] = self.authority.issue(number, names, email)
        except RefusedOrderError:
            self.engine.remove_request(number)
            self._bring_back(in_use)
            self._reload()
            raise
        self.engine.remove_request(number)
        self._reload()
        # Written, and read by nginx with the next write of anything only.
        self._bring_back(in_use)

    def _refuse_at_once(self, email: str = "") -> None:
        if email == "undefined":
            raise RefusedOrderError("undefined is an invalid email")
        if self.is_certbot_busy:
            self.is_certbot_busy -= 1
            raise RefusedOrderError("Another instance of Certbot is already running.")

    def _bring_back(self, hosts: list[dict[str, Any]]) -> None:
        for host in hosts:
            if host["enabled"]:
                self.engine.write(host, has_certificate=False)

    def _renew(self, _user: User, _data: Any, number: int) -> tuple[int, Any]:
        if number not in self.certificates:
            raise RefusalError(404, f"Not Found - {number}")
        row = self.certificates[number]
        try:
            self._refuse_at_once()
            # nginx is not told: it goes on serving the former one.
            self.engine.files[number] = self.authority.renew(number, row["domain_names"])
        except RefusedOrderError as refusal:
            raise RefusalError(500, "Internal Error", _debug(refusal.said)) from refusal
        row["expires_on"] = _stamp(self.engine.file(number).ends_at)
        row["modified_on"] = _stamp(self.now())
        return 200, row

    def _delete_certificate(self, _user: User, _data: Any, number: int) -> tuple[int, Any]:
        # It may be in use: from then on nginx takes nothing any more.
        self.certificates.pop(number)
        self.engine.files.pop(number, None)
        return 200, True

    def _next(self) -> int:
        self.last_id += 1
        return self.last_id


def _refuse_unknown(data: Mapping[str, Any], known: set[str]) -> None:
    if set(data) - known:
        raise RefusalError(400, "data must NOT have additional properties")


def _debug(said: str) -> dict[str, Any]:
    stack = [line if number else f"Error: {line}" for number, line in enumerate(_lines(said))]
    return {"stack": stack, "previous": {"code": 1, "killed": False, "signal": None, "cmd": "certbot certonly -n ..."}}


def _lines(said: str) -> Iterator[str]:
    yield "Saving debug log to /data/logs/letsencrypt.log"
    yield from said.splitlines()
    yield ""


def _stamp(moment: datetime) -> str:
    """Write a time as it does: in the container's zone, without saying which."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"
