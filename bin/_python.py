"""Finds a Python that can run Homeport; written so that any Python 3 can read it, to be able to say what is missing."""

# ruff: noqa: ANN001, ANN202, PTH100, PTH118, PTH123, RUF005, UP031 - this is what old ones cannot read, or do not have
import os
import subprocess
import sys

OLDEST = (3, 11)
NAMES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.15", "python3.16")
FOLDERS = ("/opt/homebrew/bin", "/usr/local/bin", "/usr/bin")
MISSING = "Homeport needs Python 3.11 or later, and none was found on the PATH; this one is %d.%d (%s)."


def ensure_python(script):
    """Return if this interpreter is recent enough, else start the script again with one that is."""
    if sys.platform == "win32":
        sys.exit("Homeport runs on Linux (glibc) and on macOS 12 or later; on Windows, use WSL2.")
    if sys.version_info[:2] >= OLDEST:
        return
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) + list(FOLDERS):
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK) and _is_recent(path):
                os.execv(path, [path, os.path.abspath(script)] + sys.argv[1:])
    sys.exit(MISSING % (sys.version_info[0], sys.version_info[1], sys.executable))


def _is_recent(path):
    check = "import sys; sys.exit(sys.version_info[:2] < %r)" % (OLDEST,)
    with open(os.devnull, "w") as nowhere:
        return subprocess.call([path, "-c", check], stdout=nowhere, stderr=nowhere) == 0


if __name__ == "__main__":
    ensure_python(__file__)
    import _environment

    _environment.run(*sys.argv[1:])
