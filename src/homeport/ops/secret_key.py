"""The key that signs what the site hands out, made once when nobody has set one."""

import base64
import os
from pathlib import Path

from homeport.ops import files
from homeport.ops.folder import DataFolder

KEY_BYTES = 32


def ensure_secret_key(folder: DataFolder) -> Path:
    """Return the file of the key; whoever holds the data folder may make it."""
    path = folder.secret_key
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        files.write_atomically(path, base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
    return path
