"""Puts values into a compose file as Compose does it, and tells which are missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_REFERENCE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)(?:(:?[-?+])([^}]*))?\})")


@dataclass
class Interpolation:
    """The values, and the names that were asked for in vain with what the file says about each."""

    values: Mapping[str, str]
    missing: dict[str, str] = field(default_factory=dict)

    def apply(self, node: Any) -> Any:
        """Return the node with values in place of references, in whatever depth they stand."""
        if isinstance(node, str):
            return _REFERENCE.sub(self._replace, node)
        if isinstance(node, list):
            return [self.apply(each) for each in node]
        if isinstance(node, dict):
            return {key: self.apply(value) for key, value in node.items()}
        return node

    def _replace(self, found: re.Match[str]) -> str:
        escaped, bare, braced, operator, argument = found.groups()
        if escaped:
            return "$"
        name, operator = bare or braced, operator or ""
        value = self.values.get(name)
        is_given = bool(value) if operator.startswith(":") else value is not None
        if operator.endswith("+"):
            return argument if is_given else ""
        if is_given:
            return value or ""
        if operator.endswith("-"):
            return argument
        self.missing[name] = self.missing.get(name) or argument or ""
        return ""
