"""The composition root: one application object from settings, with every feature in its place."""

import logging
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from homeport.cache import http
from homeport.comments import part
from homeport.comments.queries import conversation
from homeport.db.schema import bring_up_to_date
from homeport.db.session import Database
from homeport.settings import Settings
from homeport.site.views import current_site
from homeport.web import addresses, crosssite, errors, health, proxies, requests, security, studio, templating
from homeport.web import database as web_database
from homeport.web.routes import Route
from homeport.web.slots import Kernel, install
from homeport.web.static import StaticFiles, make_blueprint
from homeport.web.studio import MenuItem

if TYPE_CHECKING:
    from homeport.accounts.permissions import Member

log = logging.getLogger("homeport.app")

BLUEPRINTS = (
    "accounts.views.signing_in",
    "accounts.views.setup",
    "accounts.views.joining",
    "accounts.views.proving",
    "accounts.views.own",
    "accounts.views.passkeys",
    "accounts.views.codes",
    "accounts.views.tokens",
    "accounts.views.people",
    "accounts.views.audit",
    "studio.views",
    "studio.settings",
    "studio.taxonomy",
    "studio.redirects",
    "studio.jobs",
    "studio.media",
    "search.studio",
    "comments.views",
    "comments.studio",
    "feeds.views",
    "api.v1",
    "blog.studio.entries",
    "blog.studio.publishing",
    "blog.studio.previews",
    "blog.studio.sharing",
    "blog.studio.revisions",
)
"""Modules with what programs ask for, and the pages of people who write, comment or sign in."""

FOR_READERS = ("comments.part", "media.views", "blog.views")
"""Modules with the pages of readers. The blog's are last: entries may live at any other path."""

STORED = frozenset({"blog", "feeds"})
"""Blueprints whose pages are the same for everybody, so that one who asks finds what was made for another."""

MENU = (
    MenuItem("Dashboard", "/studio", order=0),
    MenuItem("Entries", "/studio/entries", order=10, about="posts, pages, drafts, scheduled, deleted"),
    MenuItem("Media", "/studio/media", order=20, about="pictures, files, upload, alt text"),
    MenuItem("Comments", "/studio/comments", order=30, about="waiting, spam, blocked writers"),
    MenuItem("Tags and series", "/studio/tags", permission="edit", order=50, about="rename, merge, describe"),
    MenuItem("Redirects", "/studio/redirects", permission="edit", order=60, about="old addresses"),
    MenuItem("People", "/studio/people", permission="manage", order=70, about="roles, invitations, API tokens"),
    MenuItem(
        "Settings",
        "/studio/settings",
        permission="manage",
        order=80,
        about="title, tagline, address, language, time zone, menu, permalinks, author, accent, fonts, comments, HTML",
    ),
    MenuItem("Audit log", "/studio/audit", permission="manage", order=90, about="who did what"),
    MenuItem("Jobs", "/studio/jobs", permission="manage", order=95, about="mail, failed work"),
)
"""The studio's menu, top to bottom by `order`."""


class Pages(Protocol):
    """What answers in the place of a view that has answered before; see `cache/storing.py`."""

    def init_app(self, app: Flask) -> None:
        """Attach it to the application."""

    def has_home_page(self) -> bool:
        """Say whether readers can be served while the database is away."""

    def is_cut_off(self) -> bool:
        """Say whether the database is known not to answer."""


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    blueprints: Sequence[str] = BLUEPRINTS + FOR_READERS,
    pages: Pages | None = None,
) -> Flask:
    """Return the application for these settings; it connects to nothing until the first request."""
    app = Flask("homeport", static_folder=None, root_path=str(Path(__file__).parent), template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.server.request_max_bytes,
        PROPAGATE_EXCEPTIONS=False,
        SESSION_COOKIE_NAME="homeport",
    )
    app.url_rule_class = Route
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    kernel = Kernel(settings, database or _database(settings), bring_up_to_date, current_site, _change_site)
    kernel.menu.extend(MENU)
    kernel.waiting["/studio/comments"] = _count_waiting
    kernel.entry_columns[part.COLUMN] = conversation
    kernel.entry_parts.append(part.entry_part)
    if pages is not None:
        kernel.has_stored_pages, kernel.is_cut_off = pages.has_home_page, pages.is_cut_off
    install(app, kernel)
    _wire(app, settings, blueprints, pages)
    trusted = proxies.TrustedProxies(settings.trusted_proxies)
    app.wsgi_app = proxies.ForwardedHeaders(app.wsgi_app, trusted)  # type: ignore[method-assign]  # Flask's own idiom
    return app


def complete(readers: Flask, pages: Pages | None = None) -> Flask:
    """Return the whole application in place of one that has only readers' pages; the two share a database."""
    kernel: Kernel = readers.extensions["homeport"]
    app = create_app(kernel.settings, database=kernel.database, pages=pages)
    whole: Kernel = app.extensions["homeport"]
    whole.prepare_schema, whole.is_schema_ready = kernel.prepare_schema, kernel.is_schema_ready
    return app


def prepare(app: Flask) -> None:
    """Bring the schema up to date before the fork, so that no worker has to; tell where a new site is set up."""
    kernel: Kernel = app.extensions["homeport"]

    def prepare_schema(engine: Engine) -> str:
        # What this looks at belongs to the account pages, which are loaded later.
        from homeport.accounts.setup import announce_setup  # noqa: PLC0415

        release = bring_up_to_date(engine)
        announce_setup(kernel.database, kernel.settings.site_url or f"http://localhost:{kernel.settings.server.port}")
        return release

    # A worker does the same when the database is away now.
    kernel.prepare_schema = prepare_schema
    try:
        kernel.prepare_schema(kernel.database.engine)
        kernel.is_schema_ready = True
    except DBAPIError as error:
        reason = str(error.orig).strip()
        log.warning("the database is away, each request tries again; start it, or correct DB_URI: %s", reason)
    finally:
        # A connection that crosses a fork would be used by two processes at once.
        kernel.database.dispose()


def load_templates(app: Flask) -> None:
    """Load all templates before the fork, since workers share them; tell what of a theme has no effect."""
    for remark in app.extensions.get(templating.THEME_REMARKS, ()):
        log.warning("THEME_DIR: %s", remark)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def _change_site(session: Session, **changes: Any) -> frozenset[str]:
    # Readers do not wait for what only writing needs.
    from homeport.blog.actions import change_site  # noqa: PLC0415

    return change_site(session, **changes)


def _count_waiting(connection: Connection, member: "Member") -> int:
    # Only the studio's menu tells of them.
    from homeport.comments.queries.queue import count_waiting  # noqa: PLC0415

    return count_waiting(connection, member)


def _database(settings: Settings) -> Database:
    return Database(
        settings.db.uri,
        pool_size=settings.server.threads + 1,
        statement_timeout_seconds=settings.db.statement_timeout_seconds,
    )


def _wire(app: Flask, settings: Settings, blueprints: Sequence[str], pages: Pages | None) -> None:
    files = StaticFiles(settings.paths.theme)
    templating.init_app(app, files)
    errors.init_app(app)
    # Flask runs these in reverse order: the transaction ends first, the page's validator comes after it.
    requests.init_app(app)
    if pages is not None:
        pages.init_app(app)
    crosssite.init_app(app)
    studio.init_app(app)
    addresses.init_app(app)
    security.init_app(app)
    http.init_app(app)
    web_database.init_app(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(make_blueprint(files, lambda: current_site().accent))
    for module in blueprints:
        app.register_blueprint(import_module(f"homeport.{module}").blueprint)
