"""What the audit log calls what happened, in words."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

WORDS = {
    "account.create": "made the account",
    "account.disable": "switched off the account",
    "account.enable": "switched on the account",
    "account.join": "joined",
    "account.role": "changed the role",
    "codes.off": "switched off one-time codes",
    "codes.on": "switched on one-time codes",
    "codes.renew": "made new recovery codes",
    "comment.deleted": "deleted a comment",
    "comment.person_erased": "erased one person’s comments",
    "comment.writer_blocked": "blocked a writer",
    "comment.writer_unblocked": "unblocked a writer",
    "entry.changed": "published changes",
    "entry.deleted": "deleted",
    "entry.link_withdrawn": "withdrew a link",
    "entry.published": "published",
    "entry.restored": "restored",
    "entry.shared": "made a link to show",
    "entry.unlisted": "took off every list",
    "entry.unpublished": "took back",
    "invitation.create": "invited",
    "invitation.withdraw": "withdrew an invitation",
    "mail.change": "changed the mail address of",
    "media.delete": "deleted the file",
    "passkey.add": "added the passkey",
    "passkey.remove": "removed the passkey",
    "password.change": "changed the password",
    "password.link": "made a link to a new password",
    "password.reset": "chose a new password",
    "settings.change": "changed settings",
    "sign-in.end": "signed out",
    "sign-in.open": "signed in",
    "site.import": "imported",
    "site.set-up": "set up the site",
    "site.setup-link": "made a link to set up the site",
    "token.create": "made the token",
    "token.revoke": "revoked the token",
}
"""Each follows the name of who did it, and comes before what it was done to."""

UNTOLD = frozenset({"entry", "path"})
"""Details that are for programs: a person knows the entry by its title."""


def facts_of(details: Mapping[str, Any]) -> list[tuple[str, str | datetime]]:
    """Return what an event's details say to a person, each with its name; what they call a moment is one."""
    told = ((name, value) for name, value in details.items() if name not in UNTOLD and value not in (None, "", []))
    return [(name.replace("_", " "), _readable(name, value)) for name, value in told]


def words_for(action: str) -> str:
    """Return what an action is called; one that a newer release has written keeps its name."""
    return WORDS.get(action, action)


def _readable(name: str, value: Any) -> str | datetime:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name.endswith("_at"):
        # What another release has written may be no moment at all.
        with suppress(TypeError, ValueError):
            return datetime.fromisoformat(value)
    return str(value)
