"""Routes that are ready sooner: most of them never have an address built, and each builder takes a compiler."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class Route(Rule):
    """A route that compiles how its addresses are built when the first one is asked for, not when it is made."""

    def _compile_builder(self, append_unknown: bool = True) -> Build:  # noqa: FBT001, FBT002 - Werkzeug's signature
        compile_now = super()._compile_builder

        def build(route: Route, **values: Any) -> tuple[str, str]:
            compiled: Build = compile_now(append_unknown).__get__(route, None)
            setattr(route, "_build_unknown" if append_unknown else "_build", compiled)
            return compiled(**values)

        return build
