"""Reads each route once in a test process: every test has an application, and each of them has the same routes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.routing import Rule

READ = ("_parts", "_trace", "_converters", "arguments")
"""What comes of reading a route, and is only looked at afterwards."""

_read: dict[Any, dict[str, Any]] = {}
_builders: dict[Any, Callable[..., tuple[str, str]]] = {}


@contextmanager
def keep_routes() -> Iterator[None]:
    """Let the routes of all applications share what was read in the same words."""
    compile_now, compile_builder_now = Rule.compile, Rule._compile_builder

    def compile_rule(rule: Rule) -> None:
        words = _words(rule)
        if words in _read:
            rule.__dict__ |= _read[words]
            rule._build = rule._compile_builder(append_unknown=False).__get__(rule, None)
            rule._build_unknown = rule._compile_builder(append_unknown=True).__get__(rule, None)
        else:
            compile_now(rule)
            _read[words] = {name: getattr(rule, name) for name in READ}

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - Werkzeug's signature
        key = (_words(rule), append_unknown)
        if key not in _builders:
            _builders[key] = compile_builder_now(rule, append_unknown)
        return _builders[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_rule)
        patch.setattr(Rule, "_compile_builder", compile_builder)
        yield


def _words(rule: Rule) -> tuple[Any, ...]:
    """Return all that the reading of a route depends on."""
    where = rule.map
    return (
        rule.rule,
        rule.subdomain,
        rule.host,
        rule.merge_slashes,
        where.host_matching,
        tuple((rule.defaults or {}).items()),
        tuple(where.converters.items()),
    )
