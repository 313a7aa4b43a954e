"""The site's settings as pages read them: plain values, fully loaded."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup

from homeport.text.quotes import Setter, plain_title, title_html, typeset


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One link of the site's menu."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SiteCard:
    """The site as every page shows it; `address` has no final slash and is empty while nobody has set one."""

    title: str
    tagline: str
    address: str
    language: str
    time_zone: ZoneInfo
    permalink_pattern: str
    navigation: tuple[NavigationItem, ...]
    author_name: str
    author_bio: str
    author_url: str
    author_image_path: str
    accent: str
    font: str
    icon_path: str
    remote_images: bool
    comments_open: bool = True
    comment_rule: str = "known"
    comments_close_after_days: int | None = None
    smart_typography: bool = True

    def typeset(self, line: str) -> str:
        """Return a title, or another line of plain text, set as the texts below it are."""
        return plain_title(line, self._setter)

    def typeset_html(self, line: str) -> Markup:
        """Return the same as HTML: code between backticks is set as code."""
        return title_html(line, self._setter)

    @property
    def _setter(self) -> Setter:
        return typeset if self.smart_typography else _as_written

    def absolute(self, path: str) -> str:
        """Return the full address of a path of this site, or the path itself while the site has no address."""
        return f"{self.address}{path}" if path.startswith("/") else path


def _as_written(text: str, _before: str, _behind: str) -> str:
    return text
