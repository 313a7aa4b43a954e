"""Reads a certificate as it came over the wire."""

from homeport.ops.edge.state import ServedCertificate


def read_certificate(der: bytes, distrust: str = "") -> ServedCertificate:
    """Return what matters of a certificate."""
    # Only looking at an edge is worth the tenth of a second.
    from cryptography import x509  # noqa: PLC0415

    certificate = x509.load_der_x509_certificate(der)
    try:
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = frozenset(name.lower() for name in alternatives.get_values_for_type(x509.DNSName))
    except x509.ExtensionNotFound:
        names = frozenset[str]()
    return ServedCertificate(
        serial=certificate.serial_number,
        names=names,
        issuer=certificate.issuer.rfc4514_string(),
        ends_at=certificate.not_valid_after_utc,
        distrust=distrust,
    )
