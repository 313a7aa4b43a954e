"""Front matter that a Jekyll site's settings give to many texts at once."""

from fnmatch import fnmatchcase
from typing import Any

from homeport.exchange.dialects import Origin
from homeport.exchange.former_site import Defaults


def defaults_for(path: str, origin: Origin) -> dict[str, Any]:
    """Return the values that hold for a text as long as it does not say otherwise."""
    values: dict[str, Any] = {}
    for rule in origin.site.defaults:
        if _applies(rule, path):
            values |= {str(key): value for key, value in rule.values.items()}
    return values


def _applies(rule: Defaults, path: str) -> bool:
    if rule.type and rule.type != _type_of(path):
        return False
    if "*" in rule.path:
        return fnmatchcase(path, rule.path) or fnmatchcase(path, f"{rule.path}/*")
    return not rule.path or path == rule.path or path.startswith(f"{rule.path}/")


def _type_of(path: str) -> str:
    folders = path.split("/")[:-1]
    for name in ("posts", "drafts"):
        if f"_{name}" in folders:
            return name
    return folders[0][1:] if folders and folders[0].startswith("_") else "pages"
