"""Makes one sentence of what the proxy, nginx or certbot say when something does not work."""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from homeport.errors import HomeportError
from homeport.ops.edge.errors import (
    CertificateLimitError,
    CertificateRefusedError,
    NamesTakenError,
    PortTakenError,
    ProxyRefusedError,
)

BUSY = "Another instance of Certbot is already running"
PORT_TAKEN = re.compile(
    r"bind\(\) to \S*?:(\d+) failed|port (\d+)\D.*already in use|Address already in use", re.IGNORECASE
)
LIMIT = re.compile(r"too many \w+|rate ?limit", re.IGNORECASE)
UNTIL = re.compile(r"retry after:? (\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)")
DETAIL = re.compile(r"^\s*Detail: (.+)$", re.MULTILINE)
HINTS = {
    "dns": "Its address in the DNS cannot be found by the authority; correct the A and AAAA records.",
    "connection": "The authority does not reach port 80; open it in the firewall, and look at the AAAA record as well.",
    "unauthorized": "The name leads the authority to another server; correct the A and AAAA records.",
    "caa": "A CAA record forbids this authority; change it.",
}
SILENT = "its challenges have failed"
LOOK_IT_UP = (
    "Why, `docker compose exec nginx-proxy-manager tail -n 60 /data/logs/letsencrypt.log` says; usually port 80 is not "
    "reached from outside, or an AAAA record leads elsewhere."
)
PROBLEM_TYPE = re.compile(r"^\s*Type:\s+(\w+)", re.MULTILINE)
# What certbot prints whatever has happened.
IDLE = re.compile(
    r"^\s*$|^Saving debug log|^Ask for help|^See also|^Requesting a certificate|^Renewing an existing|^Processing |"
    r"^Some challenges have failed|^All renewals failed|^- - -|^\s+at |^Account registered|"
    r"^Command failed|^Hint:|^\s+/etc/letsencrypt|^The following renewals failed|^\d+ renew failure",
    re.IGNORECASE,
)
PREFIX = re.compile(r"^(Command)?Error: ")
LONGEST_QUOTE = 300


def explain_certificate(error: ProxyRefusedError, names: Collection[str], log: str = "") -> HomeportError:
    """Return why there is no certificate for the names, in certbot's own words.

    The proxy passes on what certbot writes to standard error, which may be nothing; then its log is asked.
    """
    quoted = error.details if _words(error.details) else _causes_in(log)
    said = f"{quoted}\n{error.said}"
    listed = ", ".join(sorted(names))
    if taken := port_taken(said):
        return taken
    if "nginx: [emerg]" in said:
        return explain_host(error, names)
    words = _words(quoted) or SILENT
    if LIMIT.search(said):
        until = _until(said)
        when = f" before {until:%Y-%m-%d %H:%M} UTC" if until else " for some hours"
        message = f"the authority gives no more certificates for {listed}{when}: {words}"
        return CertificateLimitError(message, hint="Wait; the site goes on as it was.", until=until)
    kind = PROBLEM_TYPE.search(said)
    hint = HINTS.get(kind[1].lower(), "") if kind else LOOK_IT_UP if words == SILENT else ""
    message = f"the authority refuses a certificate for {listed}: {words}"
    return CertificateRefusedError(message, hint=f"{hint} The site goes on as it was.".strip())


def is_busy(error: ProxyRefusedError) -> bool:
    """Say whether certbot was at work for somebody else."""
    return BUSY in error.details or BUSY in error.said


def explain_host(error: ProxyRefusedError, names: Collection[str]) -> HomeportError:
    """Return why the proxy does not take a host."""
    said = f"{error.said}\n{error.details}"
    if taken := port_taken(said):
        return taken
    if "already in use" in error.said:
        message = f"{error.said} by something in the proxy that is not declared"
        return NamesTakenError(message, hint="Remove it there, or take the name out of the declaration.")
    if error.status >= 500:
        what = f"the host of {', '.join(sorted(names))}" if names else "its settings"
        return ProxyRefusedError(
            f"the proxy could not write {what} ({error.said or error.status})",
            status=error.status,
            said=error.said,
            details=error.details,
            hint="Its nginx does not take any configuration at the moment; `docker compose logs nginx-proxy-manager` "
            "says why. A certificate that was deleted while a host used it is the usual cause.",
        )
    return error


def port_taken(said: str) -> PortTakenError | None:
    """Return the error when another program has a port, or None."""
    match = PORT_TAKEN.search(said)
    if match is None:
        return None
    port = match[1] or match[2]
    which = f"port {port}" if port else "a port that the proxy needs"
    return PortTakenError(
        f"another program on the server has {which}", hint="Stop it (`ss -ltnp` shows it); nothing was changed."
    )


def _words(said: str) -> str:
    """Return what certbot says of the cause, without what it always says."""
    details = DETAIL.findall(said)
    quoted = "; ".join(dict.fromkeys(detail.strip() for detail in details)) or " ".join(_telling_lines(said))
    quoted = " ".join(quoted.split())
    return quoted if len(quoted) <= LONGEST_QUOTE else f"{quoted[:LONGEST_QUOTE]}…"


def _causes_in(log: str) -> str:
    """Return the lines of certbot's log in which it quotes the authority; all else there is for its developers."""
    return "\n".join(line for line in log.splitlines() if DETAIL.match(line) or PROBLEM_TYPE.match(line))


def _telling_lines(said: str) -> Iterator[str]:
    for line in dict.fromkeys(said.splitlines()):
        told = PREFIX.sub("", line)
        if not IDLE.search(told):
            yield told.strip()


def _until(said: str) -> datetime | None:
    match = UNTIL.search(said)
    return datetime.fromisoformat(f"{match[1]}T{match[2]}").replace(tzinfo=UTC) if match else None
