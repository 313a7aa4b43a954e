"""The Linux system calls that Python 3.11 has no name for."""

import ctypes
import os
import sys

IS_LINUX = sys.platform == "linux"

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000

# Bound once, here: `die_with_parent` and `enter_user_namespace` run between fork and exec, where loading a
# library could meet a lock that another thread held at the fork.
_libc = ctypes.CDLL(None, use_errno=True) if IS_LINUX else None


def die_with_parent(signal_number: int) -> None:
    """Ask the kernel to send this signal to the calling process when its parent ends; elsewhere than on Linux nothing.

    The kernel forgets the wish at a change of user, so ask after it.
    """
    if _libc is not None:
        _check(_libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0))


def enter_user_namespace(inner_id: int) -> None:
    """Give the calling process another user id in its own eyes, while to the rest of the system it stays who it is."""
    if _libc is None:
        raise OSError("user namespaces need Linux")
    outer_user, outer_group = os.geteuid(), os.getegid()
    _check(_libc.unshare(_CLONE_NEWUSER))
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{inner_id} {outer_user} 1")
    _write("/proc/self/gid_map", f"{inner_id} {outer_group} 1")


def can_enter_user_namespace(inner_id: int) -> bool:
    """Try it in a child: containers usually forbid it, and only trying tells."""
    if not IS_LINUX:
        return False
    child = os.fork()
    if child == 0:
        try:
            enter_user_namespace(inner_id)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
