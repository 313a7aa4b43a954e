"""What the author's pages share: their layout, their menu, and that nobody keeps a copy of them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, request

from homeport.web.database import reader
from homeport.web.slots import kernel

MOST_COUNTED = 99
AREAS = ("/studio", "/account", "/setup", "/preview", "/api")
"""Everything under these differs from person to person; no cache may keep it."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One place in the studio's menu; shown to members who have the permission."""

    label: str
    path: str
    permission: str = "read"
    order: int = 50
    about: str = ""
    """What is done there, in words that somebody would look for."""


def init_app(app: Flask) -> None:
    """Keep answers of the private areas out of every cache."""
    app.after_request(_keep_private)


def is_private(path: str) -> bool:
    """Say whether an address lies in one of the private areas."""
    return any(path == area or path.startswith(f"{area}/") for area in AREAS)


def render_studio(template: str, *, title: str, **context: Any) -> str:
    """Return one of the author's pages; its template extends `web/studio.html`."""
    member = g.get("member")
    site = kernel().current_site()
    # A link that is to be sent to somebody needs an address even while the site has none: that by which it was asked.
    shared = {"origin": site.address or request.host_url.rstrip("/"), "path": request.path}
    return current_app.jinja_env.get_template(template).render(
        site=site, member=member, menu=menu_of(member), menu_waiting=_waiting(member), title=title, **shared, **context
    )


def menu_of(member: Any) -> list[MenuItem]:
    """Return the places that a member may go to, top to bottom; none for a stranger."""
    menu: list[MenuItem] = sorted(kernel().menu, key=lambda item: item.order)
    return [item for item in menu if member and item.permission in member.permissions]


def _waiting(member: Any) -> dict[str, str]:
    """Return what waits at places of the menu, by their paths."""
    counted = {path: count(reader(), member) for path, count in kernel().waiting.items()} if member else {}
    most = MOST_COUNTED
    waiting = {path: f"{most}+" if number > most else str(number) for path, number in counted.items() if number}
    return defaultdict(str, waiting)


def _keep_private(response: Response) -> Response:
    if is_private(request.path):
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex")
    return response
