"""The site's settings as a form; faults stand beside their fields and nothing typed is lost."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request

from homeport.accounts.audit import Actor, note
from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.blog.actions import change_site
from homeport.errors import InvalidError
from homeport.site.actions import SiteSettingError, check_setting, site_of
from homeport.studio.samples import SAMPLE
from homeport.web.database import session
from homeport.web.security import POLICY
from homeport.web.slots import kernel
from homeport.web.studio import render_studio
from homeport.web.templating import render_page

blueprint = Blueprint("studio_settings", __name__, template_folder="templates")

TEXTS = (
    "title",
    "tagline",
    "address",
    "language",
    "time_zone",
    "permalink_pattern",
    "author_name",
    "author_bio",
    "author_url",
    "author_image_path",
    "accent",
    "font",
    "icon_path",
    "comment_rule",
    "comments_close_after_days",
)
SWITCHES = ("smart_typography", "raw_html", "remote_images", "comments_open")
ZONES = ("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Tokyo")
FRAMED = POLICY.format(images="").replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@blueprint.get("/studio/settings")
@requires(Permission.MANAGE)
def show() -> str:
    return _page(_stored(), {})


@blueprint.post("/studio/settings")
@requires(Permission.MANAGE)
def save() -> Response:
    typed = _typed()
    wanted, faults = _checked(typed)
    if faults:
        return make_response(_page(typed, faults), 422)
    try:
        changed = change_site(session(), **wanted)
    except SiteSettingError as error:
        # What only all entries together can tell: a pattern by which some of them would collide.
        name, _, reason = str(error).partition(": ")
        return make_response(_page(typed, {name: f"{reason}. {error.hint}"}), 422)
    if changed:
        actor = Actor.of(signed_in(), request.remote_addr or "")
        note(session(), actor, "settings.change", ", ".join(sorted(changed)))
    return make_response(redirect("/studio/settings?saved=1", 303))


@blueprint.get("/studio/settings/preview")
@requires(Permission.MANAGE)
def preview() -> Response:
    """Show a sample text in the site's look; the settings page holds it in a frame and changes its colours."""
    answer = make_response(render_page("studio/sample.html", site=kernel().current_site(), page=SAMPLE))
    answer.headers["Content-Security-Policy"] = FRAMED
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _page(values: dict[str, Any], faults: dict[str, str]) -> str:
    return render_studio(
        "studio/settings.html",
        title="Settings",
        values=values,
        faults=faults,
        zones=ZONES,
        is_saved="saved" in request.args,
        fixed_address=kernel().settings.site_url,
    )


def _stored() -> dict[str, Any]:
    site = site_of(session())
    values: dict[str, Any] = {name: getattr(site, name) for name in (*TEXTS, *SWITCHES)}
    values["comments_close_after_days"] = site.comments_close_after_days or ""
    values["navigation"] = "\n".join(f"{item['label']} | {item['url']}" for item in site.navigation)
    return values


def _typed() -> dict[str, Any]:
    values: dict[str, Any] = {name: request.form.get(name, "").strip() for name in TEXTS}
    values |= {name: name in request.form for name in SWITCHES}
    values["navigation"] = request.form.get("navigation", "")
    return values


def _checked(typed: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is to be stored and, by field, what cannot be."""
    wanted, faults = dict(typed), {}
    wanted["navigation"] = _menu_of(typed["navigation"])
    for name, value in wanted.items():
        try:
            check_setting(name, value)
        except InvalidError as error:
            faults[name] = str(error).removeprefix(f"{name}: ")
    return wanted, faults


def _menu_of(text: str) -> list[dict[str, str]]:
    """Read the menu as it is typed: a line for each link, label and address with a bar between them."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pairs = [line.rpartition("|") for line in lines]
    return [{"label": label.strip(), "url": url.strip()} for label, _, url in pairs]
