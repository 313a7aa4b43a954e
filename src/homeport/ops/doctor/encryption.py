"""TLS as readers meet it: the certificate that is served, and whether every other way leads there."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from homeport.ops.doctor.findings import Finding, NotApplicableError
from homeport.ops.doctor.patient import Patient
from homeport.ops.doctor.view import NoAnswerError, View
from homeport.ops.edge.outside import RealOutside
from homeport.ops.edge.proof import certificate_faults

LASTING = (301, 308)


def look_at_certificate(patient: Patient) -> Iterator[Finding]:
    """It has to be valid, for this name, and for three more weeks."""
    view = _encrypted(patient)
    outside = replace(patient.from_outside, https_port=view.port)
    seen = RealOutside(outside).look(view.name, has_tls=True, address=view.address)
    if seen.problem and seen.certificate is None:
        yield Finding(seen.problem, "Nobody can read the site.", "See docs/operations.md, `The site is down`.")
        return
    for fault in certificate_faults(view.name, seen.certificate, patient.now, is_staging=False):
        yield Finding(
            fault,
            "Browsers refuse a site whose certificate is not valid; this one is renewed a month before its end.",
            "Run `homeport edge apply`; it says what the authority objects to. docs/operations.md has more.",
        )


def look_at_redirects(patient: Patient) -> Iterator[Finding]:
    """Plain HTTP leads to TLS, and every alias to the one name."""
    view = patient.public
    if view.scheme != "https" and not patient.aliases:
        raise NotApplicableError("the site's address has no TLS and there is no other name that should lead to it")
    if view.scheme == "https":
        plain = View("http", view.name, patient.from_outside.http_port, view.address)
        yield from _must_lead(plain, f"https://{view.name}")
    for alias in patient.aliases:
        yield from _must_lead(replace(view, name=alias), view.where)


def _must_lead(start: View, goal: str) -> Iterator[Finding]:
    try:
        reply = start.ask("/archive")
        found = reply.header("Location") if reply.status in LASTING else f"nowhere (status {reply.status})"
    except NoAnswerError as error:
        found = str(error)
    if not found.startswith(goal) or urlsplit(found).path != "/archive":
        yield Finding(
            f"{start.where}/archive does not lead to {goal}/archive, but: {found}",
            "Readers who type the address arrive without encryption, at two sites of the same content, or nowhere.",
            "Run `homeport edge apply`, or let your proxy redirect with status 301.",
        )


def _encrypted(patient: Patient) -> View:
    if patient.public.scheme != "https":
        raise NotApplicableError("the site's address has no TLS")
    return patient.public
