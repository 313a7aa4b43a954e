"""An image whose wall clock can be moved while it runs, and the jumps of that clock.

Debian's libfaketime does not do: it moves the clock that only goes forward, too, or breaks every sleep of Python.
"""

import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from tests.stack.containers.project import JOBS, OURS, SITE
from tests.stack.containers.trouble import Fault

IMAGE = "homeport-tests/clock"
JUMP_SECONDS = 6 * 3600
BUILD = """
FROM {base} AS clock
RUN apt-get update -q && apt-get install -y -q --no-install-recommends gcc libc6-dev
COPY clock.c /
RUN gcc -Wall -Werror -O2 -shared -fPIC -o /clock.so /clock.c
FROM {site}
COPY --from=clock /clock.so /usr/lib/clock.so
ENV LD_PRELOAD=/usr/lib/clock.so
"""


def build(folder: Path, *, base: str, site: str) -> str:
    """Build the image out of the site's; return its name."""
    (folder / "clock.c").write_bytes(Path(__file__).with_suffix(".c").read_bytes())
    (folder / "Dockerfile").write_text(BUILD.format(base=base, site=site))
    subprocess.run(["docker", "build", "--quiet", "--tag", IMAGE, str(folder)], check=True, capture_output=True)
    return IMAGE


def put_off(site: Any, seconds: int) -> None:
    """Have the clock of everything that runs our code show that many seconds more than it is."""
    for service in (SITE, JOBS) if site.shape == OURS else (SITE,):
        moved = site.shell(service, f"echo {seconds} > /tmp/clock.new && mv /tmp/clock.new /tmp/clock")
        assert moved.returncode == 0, moved.stderr


JUMPS = tuple(
    Fault(name, partial(put_off, seconds=seconds), lasts=3.0, keeps_readers=True)
    for name, seconds in (
        ("the clock jumps six hours ahead", JUMP_SECONDS),
        ("the clock jumps twelve hours back", -JUMP_SECONDS),
    )
)
