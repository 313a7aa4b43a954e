"""As whom PostgreSQL runs: it refuses to be root, and the author must not have to care."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from homeport.errors import UnavailableError
from homeport.ops import kernel
from homeport.ops.postgres.binaries import Binaries

NOBODY = 65534
SHARED_BINARIES = Path("/var/cache/homeport")


@dataclass(frozen=True, slots=True)
class Identity:
    """Simply the user we are."""

    def enter(self) -> None:
        """Become it; runs in the child between fork and exec."""

    def own(self, path: Path) -> None:
        """Make the path its own."""

    def binaries(self, installed: Binaries) -> Binaries:
        """Return programs that it can run."""
        return installed


@dataclass(frozen=True, slots=True)
class NamespaceIdentity(Identity):
    """Who we are in the eyes of the system, `nobody` in its own: files stay ours, no user is needed."""

    def enter(self) -> None:
        """Become it."""
        kernel.enter_user_namespace(NOBODY)


@dataclass(frozen=True, slots=True)
class UserIdentity(Identity):
    """Another user of the system, where root may not make a namespace (as in most containers)."""

    user: int
    group: int

    def enter(self) -> None:
        """Become it, for good."""
        os.setgroups([])
        os.setgid(self.group)
        os.setuid(self.user)

    def own(self, path: Path) -> None:
        """Give the path to it, once it is known that it can get there."""
        blocked = _first_closed_folder(path.parent, self.user)
        if blocked is not None:
            raise UnavailableError(
                f"PostgreSQL does not run as root, and user {self.user} cannot enter {blocked}",
                hint="Run as the owner of the folder, or choose an open place with --data (such as /srv/homeport).",
            )
        os.chown(path, self.user, self.group)

    def binaries(self, installed: Binaries) -> Binaries:
        """Return the installed programs where it may read them, else a copy where everyone may."""
        if _first_closed_folder(installed.bin, self.user) is None:
            return installed
        return installed.copy_to(SHARED_BINARIES / f"postgresql-{installed.major}-{installed.bin.stat().st_mtime_ns}")


def choose_identity(cluster: Path) -> Identity:
    """Return who runs the PostgreSQL of this folder: for root its owner, else a namespace, else `nobody`."""
    if os.geteuid() != 0:
        # PostgreSQL wants to know its user by name, and containers often run as a bare number.
        needs_name = not _has_name(os.geteuid()) and kernel.can_enter_user_namespace(NOBODY)
        return NamespaceIdentity() if needs_name else Identity()
    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner != 0:
        return UserIdentity(owner, _group_of(owner))
    if kernel.can_enter_user_namespace(NOBODY):
        return NamespaceIdentity()
    return UserIdentity(NOBODY, _group_of(NOBODY))


def _has_name(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _group_of(user: int) -> int:
    try:
        return pwd.getpwuid(user).pw_gid
    except KeyError:
        return user


def _first_closed_folder(path: Path, user: int) -> Path | None:
    """Return the outermost folder on the way to the path, itself included, that the user cannot enter."""
    for folder in reversed([path, *path.parents]):
        status = folder.stat()
        needed = 0o100 if status.st_uid == user else 0o001
        if not status.st_mode & needed:
            return folder
    return None
