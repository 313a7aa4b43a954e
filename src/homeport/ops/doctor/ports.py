"""Knocks at the ports that nobody outside may reach, at every public address of the site's name."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address

from homeport.ops.doctor.findings import Finding, NotApplicableError
from homeport.ops.doctor.patient import Patient
from homeport.ops.edge.outside import RealOutside

KNOCK_SECONDS = 2.0
POSTGRES = 5432
ADMINISTRATION = 81
WHY = {
    "the database": "Everybody can try passwords there, and a hole in PostgreSQL is a hole in the site.",
    "the proxy's administration": "It is plain HTTP: the password that rules every address of this server is in it.",
    "the web server": "Around the proxy there is no TLS, no limit, and forwarded headers are whatever anybody writes.",
    "the metrics": "They tell when the site is weakest.",
}
REMEDY = (
    "Publish it on loopback only (`127.0.0.1:{port}:{port}`) or not at all; a firewall such as ufw does not stand "
    "before ports that Docker publishes."
)


def look(patient: Patient) -> Iterator[Finding]:
    """Try each port at each public address of the name."""
    view = patient.public
    found = RealOutside(patient.from_outside).addresses_of(view.name)
    addresses = [one for one in found if patient.may_be_asked_by_all(ip_address(one.partition("%")[0]))]
    if not addresses:
        raise NotApplicableError(f"{view.name} has no public address that could be tried from here")
    for name, port in _forbidden(patient).items():
        open_at = [address for address in addresses if port != view.port and _answers(address, port)]
        if open_at:
            yield Finding(
                f"{name} can be reached from outside, at {open_at[0]} port {port}",
                WHY[name],
                REMEDY.format(port=port),
            )


def _forbidden(patient: Patient) -> dict[str, int]:
    server = patient.settings.server
    doors = {"the database": POSTGRES, "the proxy's administration": ADMINISTRATION, "the web server": server.port}
    return doors | ({"the metrics": server.metrics_port} if server.metrics_port else {})


def _answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), KNOCK_SECONDS).close()
    except OSError:
        return False
    return True
