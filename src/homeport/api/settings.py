"""The site's settings for programs, with the same checks as in the studio."""

from typing import Annotated, Any, Literal, TypedDict

from homeport.accounts.audit import note
from homeport.accounts.guard import signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.visitors import actor
from homeport.api.asking import InputError
from homeport.api.operations import Section
from homeport.api.schema import Limits
from homeport.api.words import Line
from homeport.blog.actions import change_site
from homeport.errors import InvalidError
from homeport.site.actions import check_setting, site_of
from homeport.web.database import session

section = Section("Settings", "What the author decides about the site as a whole.")


class MenuLink(TypedDict):
    """One link of the menu."""

    label: Annotated[str, Limits(minLength=1, maxLength=200)]
    url: Annotated[str, Limits(minLength=1, maxLength=2000)]


class SettingsChanges(TypedDict, total=False):
    """Settings; what is left out stays as it is."""

    title: Annotated[str, Limits(minLength=1, maxLength=200)]
    tagline: Line
    address: Annotated[Line, Limits(description="Such as https://example.org; empty while there is none.")]
    language: Annotated[str, Limits(minLength=2, maxLength=35)]
    time_zone: Annotated[str, Limits(minLength=1, maxLength=100, description="Such as Europe/Berlin, or UTC.")]
    permalink_pattern: Annotated[str, Limits(minLength=1, maxLength=200, description="Such as /posts/{slug}.")]
    navigation: Annotated[list[MenuLink], Limits(maxItems=50)]
    author_name: Line
    author_bio: Line
    author_url: Line
    author_image_path: Line
    accent: Annotated[str, Limits(maxLength=7, description="A colour such as #a03c28, or nothing.")]
    font: Literal["serif", "sans"]
    icon_path: Line
    smart_typography: bool
    raw_html: bool
    remote_images: bool
    comments_open: bool
    comment_rule: Literal["hold", "known", "show"]
    comments_close_after_days: Annotated[int, Limits(minimum=1, maximum=36_500)] | None


class Settings(TypedDict):
    """All settings of the site."""

    title: str
    tagline: str
    address: str
    language: str
    time_zone: str
    permalink_pattern: str
    navigation: list[MenuLink]
    author_name: str
    author_bio: str
    author_url: str
    author_image_path: str
    accent: str
    font: Literal["serif", "sans"]
    icon_path: str
    smart_typography: bool
    raw_html: bool
    remote_images: bool
    comments_open: bool
    comment_rule: Literal["hold", "known", "show"]
    comments_close_after_days: int | None


@section.operation("GET", "/settings", Permission.MANAGE)
def read_settings() -> Settings:
    """Read all settings."""
    site = site_of(session())
    values: Any = {name: getattr(site, name) for name in Settings.__annotations__}
    read: Settings = values
    return read


@section.operation("PATCH", "/settings", Permission.MANAGE)
def change_settings(body: SettingsChanges) -> Settings:
    """Change settings. Addresses and renderings of all entries follow where that is what it means."""
    changed = change_site(session(), **_checked(body))
    if changed:
        note(session(), actor(signed_in()), "settings.change", ", ".join(sorted(changed)))
    return read_settings()


def _checked(wanted: SettingsChanges) -> dict[str, Any]:
    faults = {}
    for name, value in wanted.items():
        try:
            check_setting(name, value)
        except InvalidError as error:
            faults[name] = str(error).removeprefix(f"{name}: ")
    if faults:
        raise InputError(faults)
    return dict(wanted)
