"""Every page of the studio: which route shows it, on which site, and what is sent where no link leads to it."""

from dataclasses import dataclass
from typing import Any

FULL, FRESH, NEW, DOOR, STALE = "full", "fresh", "new", "door", "stale"
"""A busy site; one whose owner has just come; one that nobody has set up; the busy one, as a visitor sees it and as
somebody does whose last proof is old."""


@dataclass(frozen=True)
class Shown:
    """A page, its route, and a sentence about it; where there is a `form`, it is what the form at `to` answers."""

    name: str
    about: str
    rule: str
    path: str = ""
    site: str = FULL
    form: tuple[tuple[str, str], ...] = ()
    to: str = ""
    status: int = 200

    def address(self, things: dict[str, Any]) -> str:
        """Return the path that the browser opens first."""
        return (self.path or self.rule).format_map(things)


ENTRY = "/studio/entries/<uuid:public_id>"
DRAFT = "/studio/entries/{draft}"

CHAPTERS = {
    "The first minute": (
        Shown("setup-where", "A new site, and where its link is", "/setup", site=NEW),
        Shown("setup", "The first minute", "/setup/<token>", "{setup}", site=NEW),
        Shown("sign-in", "The door", "/account/sign-in", site=DOOR),
        Shown("join", "An invitation is followed", "/account/join/<token>", "/account/join/{join}", site=DOOR),
        Shown("reset", "A way back in", "/account/reset/<token>", "/account/reset/{reset}", site=DOOR),
        Shown("link-gone", "A link that was used", "/account/join/<token>", "/account/join/used", site=DOOR,
              status=410),
    ),
    "Writing": (
        Shown("dashboard", "The dashboard", "/studio"),
        Shown("entries", "Everything that is written here", "/studio/entries"),
        Shown("editor", "Writing", ENTRY, DRAFT),
        Shown("editor-checks", "What to look at before publishing", ENTRY, f"{DRAFT}?checks=yes"),
        Shown("editor-changes", "Changes that readers do not see yet", ENTRY, "/studio/entries/{changed}"),
        Shown("editor-new", "An empty page", "/studio/entries/new"),
        Shown("editor-faults", "Fields that need another look", ENTRY, DRAFT, to=f"{DRAFT}/save",
              form=(("version", "{version}"), ("slug", "No Slug!"), ("language", "Klingon!")), status=422),
        Shown("editor-conflict", "Two people, one text", ENTRY, DRAFT, to=f"{DRAFT}/save",
              form=(("version", "1"), ("base_source", "One.\n\nTwo.\n"), ("source", "One.\n\nThree.\n")),
              status=409),
        Shown("preview", "A draft as readers will see it", f"{ENTRY}/preview", f"{DRAFT}/preview"),
        Shown("revisions", "What an entry used to say", f"{ENTRY}/revisions", f"{DRAFT}/revisions"),
        Shown("revision", "What has changed since", f"{ENTRY}/revisions/<int:number>",
              f"{DRAFT}/revisions/{{revision}}"),
    ),
    "Pictures and files": (
        Shown("media", "Pictures and files", "/studio/media"),
        Shown("media-delete", "A picture that is in use", "/studio/media/<int:media_id>/delete",
              "/studio/media/{media}/delete"),
    ),
    "Conversation": (
        Shown("comments", "Comments that wait", "/studio/comments"),
        Shown("comments-shown", "Comments that are shown", "/studio/comments", "/studio/comments?tab=shown"),
        Shown("comments-spam", "Spam, and who is blocked", "/studio/comments", "/studio/comments?tab=spam"),
        Shown("comment", "One comment", "/studio/comments/<uuid:public_id>", "/studio/comments/{comment}"),
        Shown("comments-person", "All of one person’s comments", "/studio/comments/person",
              to="/studio/comments/person", form=(("who", "reader1@example.org"),)),
    ),
    "Order": (
        Shown("tags", "Tags and series", "/studio/tags"),
        Shown("tag", "One tag", "/studio/tags/<slug>", "/studio/tags/hill"),
        Shown("series", "One series", "/studio/series/<slug>", "/studio/series/a-year-on-the-hill"),
        Shown("redirects", "Former addresses", "/studio/redirects"),
        Shown("search", "Search over all of it", "/studio/search", "/studio/search?q=valley"),
    ),
    "The site": (
        Shown("settings", "Settings, and how they look", "/studio/settings"),
        Shown("settings-sample", "The sample beside the settings", "/studio/settings/preview"),
        Shown("people", "People", "/studio/people"),
        Shown("people-link", "A link to be sent", "/studio/people", to="/studio/people/invitations",
              form=(("role", "author"), ("note", "Ana"))),
        Shown("tokens-all", "Everybody’s API tokens", "/studio/tokens"),
        Shown("audit", "The audit log", "/studio/audit"),
        Shown("jobs", "Jobs that were given up", "/studio/jobs"),
    ),
    "One's own account": (
        Shown("account", "One’s own account", "/account"),
        Shown("password", "A new password", "/account/password"),
        Shown("passkeys", "Passkeys", "/account/passkeys"),
        Shown("codes", "One-time codes", "/account/codes"),
        Shown("tokens", "One’s own API tokens", "/account/tokens"),
        Shown("token", "A token, shown once", "/account/tokens", to="/account/tokens",
              form=(("name", "Laptop"), ("scope", "read"), ("days", "30"))),
        Shown("prove", "Is it you?", "/account/prove", "/account/password", site=STALE),
    ),
    "Before there is anything": (
        Shown("dashboard-empty", "The first day", "/studio", site=FRESH),
        Shown("entries-empty", "Nothing written yet", "/studio/entries", site=FRESH),
        Shown("media-empty", "No pictures yet", "/studio/media", site=FRESH),
        Shown("comments-empty", "Nothing waits", "/studio/comments", site=FRESH),
        Shown("tags-empty", "No tags yet", "/studio/tags", site=FRESH),
        Shown("redirects-empty", "No former addresses", "/studio/redirects", site=FRESH),
        Shown("search-empty", "Nothing found", "/studio/search", "/studio/search?q=moon", site=FRESH),
        Shown("tokens-empty", "No tokens", "/studio/tokens", site=FRESH),
        Shown("jobs-empty", "All jobs done", "/studio/jobs", site=FRESH),
        Shown("audit-empty", "Nothing in the log", "/studio/audit", site=FRESH),
    ),
}  # fmt: skip

PAGES = tuple(shown for chapter in CHAPTERS.values() for shown in chapter)

ANSWERS = {f"{ENTRY}/checks", f"{ENTRY}/share"}
"""Routes that answer the editor's script and show nothing."""

ALSO = {
    "phone": ("dashboard", "editor", "entries", "media", "comments", "settings"),
    "dark": ("dashboard", "editor", "comments", "revision"),
}
"""Pages that the manual shows once more: on a phone, and by night."""

MANUAL = """\
# The studio, page by page

What those who write here see. Each page works without scripts, by keyboard alone, on a phone, by day and by night;
these pictures are taken by the tests that hold it to that: `bin/test --screenshots tests/browser/test_studio_pages.py`.
"""
OTHER_LOOKS = {"phone": "on a phone", "dark": "by night"}


def manual() -> str:
    """Return the page of the manual that shows them all."""
    parts = [MANUAL]
    for chapter, pages in CHAPTERS.items():
        parts.append(f"\n## {chapter}\n")
        for shown in pages:
            parts.append(f"\n**{shown.about}**\n\n![{shown.about}](images/studio/{shown.name}.webp)\n")
            parts += [
                f"\n![{shown.about}, {words}](images/studio/{shown.name}-{look}.webp)\n"
                for look, words in OTHER_LOOKS.items()
                if shown.name in ALSO[look]
            ]
    return "".join(parts)
