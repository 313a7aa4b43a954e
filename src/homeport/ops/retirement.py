"""How a worker tells the master that it takes no more connections, although it still delivers answers.

Gunicorn replaces a worker once it has ended. Until then one client that takes its answer slowly would keep everybody
else from the site.
"""

import os
import stat
from typing import Any


def retire(heartbeat: Any) -> None:
    """Leave the sign on the file that master and worker share, and that has no other use for its mode."""
    os.fchmod(heartbeat.fileno(), 0)


def has_retired(heartbeat: Any) -> bool:
    """Look for the sign."""
    return not stat.S_IMODE(os.fstat(heartbeat.fileno()).st_mode)
