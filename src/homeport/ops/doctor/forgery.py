"""Attacks with headers that only a proxy should write: whatever they say, the answer has to stay the same."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from homeport.ops.doctor.findings import Finding, NotApplicableError
from homeport.ops.doctor.patient import Patient, is_loopback
from homeport.ops.doctor.view import Reply, View

FORGED_HOST = "forged.invalid"
FORGED_CLIENT = "203.0.113.66"
# A page, a page that sets cookies when it sets any, and one that only leads elsewhere.
PATHS = ("/", "/account/sign-in", "/archive/")
FORGERIES = {
    "X-Forwarded-Host": FORGED_HOST,
    "X-Forwarded-Proto": "",
    "X-Forwarded-Scheme": "",
    "X-Forwarded-Ssl": "",
    "X-Forwarded-Port": "6666",
    "X-Forwarded-Prefix": f"/{FORGED_HOST}",
    "X-Forwarded-For": FORGED_CLIENT,
    "X-Real-IP": FORGED_CLIENT,
    "Forwarded": f"for={FORGED_CLIENT};host={FORGED_HOST};proto=",
}
WHY = "Whoever can write addresses or the scheme of a page leads readers elsewhere, or takes their cookies off TLS."
REMEDY = (
    "Let TRUSTED_PROXIES name the proxy alone, and let the proxy overwrite these headers instead of passing them on "
    "(`homeport edge apply` does that in Nginx Proxy Manager)."
)
_VALUE = re.compile(r"=[^;]*")


def look(patient: Patient) -> Iterator[Finding]:
    """Send each forged header to every view, and compare."""
    views = [view for view in patient.views if not _is_believed(view, patient)]
    if not views:
        raise NotApplicableError("this machine is itself a trusted proxy, and there is no other way to the site")
    for view in views:
        forgeries = {name: _forged(name, view) for name in FORGERIES}
        if view is patient.inside:
            forgeries["Host"] = FORGED_HOST
        yield from _attack(view, forgeries)


def _is_believed(view: View, patient: Patient) -> bool:
    """Say whether what we send there is sent by a trusted proxy: it believes us, and does right."""
    is_here = view is patient.inside and is_loopback(view.address or view.name)
    return is_here and any(one.startswith(("127.", "::1", "localhost")) for one in patient.settings.trusted_proxies)


def _forged(name: str, view: View) -> str:
    other = "http" if view.scheme == "https" else "https"
    if name == "X-Forwarded-Ssl":
        return "off" if view.scheme == "https" else "on"
    return FORGERIES[name] + (other if name == "Forwarded" else "") or other


def _attack(view: View, forgeries: dict[str, str]) -> Iterator[Finding]:
    honest = {path: view.ask(path) for path in PATHS}
    for name, value in forgeries.items():
        for path in PATHS:
            forged = view.ask(path, {name: value})
            # Whoever does not serve strangers does right.
            is_refused = name == "Host" and forged.status in (400, 403, 404, 421)
            change = "" if is_refused else _change(honest[path], forged)
            if change:
                yield Finding(f"a forged {name} changes {change} at {view.where}{path}", WHY, REMEDY)
                break


def _change(honest: Reply, forged: Reply) -> str:
    """Return what of an answer that matters is not what it was; empty when nothing is."""
    if FORGED_HOST.encode() in forged.body:
        return "the page"
    if any(FORGED_HOST in value for _name, value in forged.headers):
        return "a header"
    if honest.status != forged.status:
        return f"the answer (status {honest.status} becomes {forged.status})"
    if _place(honest) != _place(forged):
        return "where it leads"
    if sorted(map(_attributes, honest.all("Set-Cookie"))) != sorted(map(_attributes, forged.all("Set-Cookie"))):
        return "its cookies"
    return ""


def _place(reply: Reply) -> tuple[str, str]:
    parts = urlsplit(reply.header("Location"))
    return parts.scheme, parts.netloc


def _attributes(cookie: str) -> str:
    """Return a cookie without its value, which differs from one answer to the next."""
    name, _, attributes = cookie.partition(";")
    return _VALUE.sub("", name) + re.sub(r"(?i)(expires|max-age)=[^;]*", "", attributes).lower()
