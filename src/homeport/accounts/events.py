"""What the audit log calls what happened, in words."""

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


def words_for(action: str) -> str:
    """Return what an action is called; one that a newer release has written keeps its name."""
    return WORDS.get(action, action)
