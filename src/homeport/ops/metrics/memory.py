"""How much memory the site's processes have, as far as the kernel tells: on Linux, from /proc."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
_SHARE = re.compile(r"(?m)^Pss:\s+(\d+) kB$")


def memory_of(supervisor: int) -> dict[str, int]:
    """Return the bytes of the supervisor, of what it runs, and of this process; what processes share counts once.

    A database that the supervisor runs is not one of them: it is another program.
    """
    sizes = {"supervisor": _size(supervisor), "site": 0, "metrics": _size(os.getpid())}
    program = _program(supervisor)
    for number in _below(supervisor):
        if number != os.getpid() and _program(number) == program:
            sizes["site"] += _size(number)
    return {name: size for name, size in sizes.items() if size}


def _below(number: int) -> Iterator[int]:
    with suppress(OSError):
        for thread in (PROC / str(number) / "task").iterdir():
            for child in (thread / "children").read_text().split():
                yield int(child)
                yield from _below(int(child))


def _size(number: int) -> int:
    with suppress(OSError):
        found = _SHARE.search((PROC / str(number) / "smaps_rollup").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0


def _program(number: int) -> str:
    with suppress(OSError):
        return str((PROC / str(number) / "exe").readlink())
    return ""
