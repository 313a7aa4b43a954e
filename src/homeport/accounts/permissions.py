"""Who may do what: the one table of roles, and the one question about whose entry it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a route asks for; the words are the scopes of API tokens too."""

    READ = "read"
    """See the studio, own drafts and media."""

    WRITE = "write"
    """Write, publish and delete entries of one's own; upload."""

    EDIT = "edit"
    """The same for everybody's entries; tags, series, redirects, comments."""

    MANAGE = "manage"
    """Settings, people, tokens of others, the audit log, all of a person's data."""


ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    "author": frozenset({Permission.READ, Permission.WRITE}),
    "editor": frozenset({Permission.READ, Permission.WRITE, Permission.EDIT}),
    "owner": frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who has proved who they are, by a browser's cookie or by a token whose scopes narrow the role."""

    account_id: int
    name: str
    role: str
    author_id: int
    author_slug: str
    display_name: str
    permissions: frozenset[Permission]
    sign_in_id: int | None = None
    token_id: int | None = None
    is_proved: bool = False
    """Whether the proof is fresh enough for changing what opens the account."""

    is_stale: bool = False
    """Whether nobody has noted for some minutes that the sign-in or token is in use."""

    def may(self, permission: Permission) -> bool:
        """Say whether role and scopes allow it."""
        return permission in self.permissions

    @property
    def sees_all(self) -> bool:
        """Say whether the role has everybody's entries in view; a token that may only read shows them too."""
        return self.may(Permission.READ) and Permission.EDIT in ROLE_PERMISSIONS[self.role]

    def may_see(self, author_ids: Iterable[int]) -> bool:
        """Say whether an entry by these authors is theirs to look at before it is public."""
        is_own = self.may(Permission.READ) and self.author_id in set(author_ids)
        return self.sees_all or is_own or self.may_change(author_ids)

    def may_change_file(self, account_id: int | None) -> bool:
        """Say whether a file that this account has uploaded is theirs to describe and delete."""
        is_own = account_id is not None and account_id == self.account_id
        return self.may(Permission.EDIT) or (self.may(Permission.WRITE) and is_own)

    def may_change(self, author_ids: Iterable[int]) -> bool:
        """Say whether an entry by these authors is theirs to change; one by nobody is the editors'."""
        return self.may(Permission.EDIT) or (self.may(Permission.WRITE) and self.author_id in set(author_ids))


def permissions_of(role: str, scopes: Iterable[str] | None = None) -> frozenset[Permission]:
    """Return what a role may do, narrowed to `scopes` where there are any."""
    allowed = ROLE_PERMISSIONS[role]
    return allowed if scopes is None else allowed & {Permission(scope) for scope in scopes}
