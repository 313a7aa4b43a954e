"""Which encoding a reader gets; loads nothing of the web application, because stored pages are served before it."""

from collections.abc import Container

PREFERENCE = ("br", "gzip")


def choose_encoding(accepted: str, available: Container[str]) -> str:
    """Return the encoding the reader likes best, the smallest among equals; empty means as it is.

    RFC 9110, section 12.5.3; who does not name `identity` asked for an encoding.
    """
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        weights[name.strip()] = _weight(parameters)
    liking = {name: weights.get(name, weights.get("*", 0.0)) for name in PREFERENCE if name in available}
    best = max(liking, key=lambda name: liking[name], default="")
    return best if best and liking[best] > 0 and liking[best] >= weights.get("identity", 0.0) else ""


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
