"""Templates: one environment, strict about names, with the few filters that every page needs."""

import os
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app
from jinja2 import ChoiceLoader, FileSystemBytecodeCache, StrictUndefined, pass_context
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from homeport.web.meta import PageMeta
from homeport.web.slots import kernel
from homeport.web.static import StaticFiles

THEME_REMARKS = "homeport_theme_remarks"
"""Where an application keeps what its author should know about the theme."""

COMMAND = "bin/homeport" if (Path(__file__).parents[3] / "bin" / "homeport").exists() else "homeport"
"""What people type who run this site: in a checkout the script in it."""

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

MOST_PIECES = 512
LONGEST_PIECE = 4096
"""How many pieces of pages are remembered, and the length beyond which one is written anew each time: 2 MB at most."""

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def init_app(app: Flask, static_files: StaticFiles) -> None:
    """Set up the environment; a theme folder's templates come before the built-in ones."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.bytecode_cache = _bytecode_cache(app)
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.filters.update(day=_day, clock=_clock, iso=_iso, month_name=_month_name)
    environment.globals["static"] = pass_context(lambda context, name: static_files.url(name, accent=_accent(context)))
    environment.globals["needed_by"] = static_files.needed_by
    environment.globals.update(command=COMMAND, language_of=_language_of, direction=_direction)
    environment.globals["remembered"] = Pieces().write
    _use_theme(app)


class Pieces:
    """What macros wrote the last time for the same values.

    Lists are made anew for one entry, and the other dozens of their lines are what they were.
    """

    def __init__(self) -> None:
        self._written: dict[Any, tuple[Markup, Any]] = {}

    def write(self, macro: Macro, *values: Any) -> Markup:
        """Return what a macro makes of these very objects, which never change; it may use nothing else."""
        # The macro itself is made anew with each page; its code is that of one place in one template.
        key = (macro._func.__code__, *map(id, values))  # noqa: SLF001 - see above
        found = self._written.get(key)
        if found is not None:
            return found[0]
        piece = cast("Markup", macro(*values))
        if len(piece) <= LONGEST_PIECE:
            self._keep(key, piece, values)
        return piece

    def _keep(self, key: Any, piece: Markup, held: Any) -> None:
        if len(self._written) >= MOST_PIECES:
            self._written.clear()
        # As long as they are held here, no other object can come to their identity.
        self._written[key] = piece, held


def _use_theme(app: Flask) -> None:
    """Let the author's own templates come before the built-in ones."""
    with app.app_context():
        theme = kernel().settings.paths.theme
    if theme is None or app.jinja_loader is None:
        return
    # Most sites have none, and their start does not wait for what looks after one.
    from homeport.web.theme import check_theme, loader_of  # noqa: PLC0415 - see above

    app.jinja_loader = ChoiceLoader([loader_of(theme / "templates"), app.jinja_loader])
    app.extensions[THEME_REMARKS] = check_theme(theme, app.jinja_env)


def _bytecode_cache(app: Flask) -> FileSystemBytecodeCache | None:
    """Return where compiled templates are kept between two starts, if the cache folder can be written to."""
    with app.app_context():
        folder = kernel().settings.paths.cache / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def render_page(template: str, *, site: Any, page: PageMeta, **context: Any) -> str:
    """Return a page's HTML; `site` may be None on an error page."""
    return current_app.jinja_env.get_template(template).render(site=site, page=page, **context)


@pass_context
def _day(context: Context, moment: datetime) -> str:
    """Return the day of a moment in the site's time zone, as people write it: 9 June 2026."""
    day = moment.astimezone(context["site"].time_zone)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@pass_context
def _clock(context: Context, moment: datetime) -> str:
    """Return the time of a moment in the site's time zone: 17:05."""
    return moment.astimezone(context["site"].time_zone).strftime("%H:%M")


@pass_context
def _iso(context: Context, moment: datetime) -> str:
    """Return a moment for `<time datetime>`, in the site's time zone."""
    site = context["site"]
    return moment.astimezone(site.time_zone if site else UTC).isoformat(timespec="seconds")


@lru_cache
def _language_of(language: str, around: str) -> Markup:
    """Return the attributes of a part of a page whose language is not that of what stands around it."""
    if not language or language == around:
        return Markup("")
    return Markup(' lang="{}" dir="{}"').format(language, _direction(language))


@lru_cache
def _direction(language: str) -> str:
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def _month_name(month: int) -> str:
    return MONTHS[month - 1]


def _accent(context: Context) -> str:
    site = context.get("site")
    return site.accent if site else ""
