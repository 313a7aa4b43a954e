"""What the studio's scripts use of others is what its sources build to, byte for byte, with its licence."""

import hashlib
import json
import os
import shutil
import subprocess
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from homeport.web.static import FOLDER

pytestmark = pytest.mark.browser

FRONTEND = Path(__file__).parents[2] / "frontend"
VENDORED = sorted(path.name for path in FOLDER.glob("vendor*"))


@pytest.fixture(scope="module")
def npm() -> str:
    """The package manager, which may be missing on a desk but not where everything is checked."""
    program = shutil.which("npm")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("npm is not installed")
        pytest.skip("npm is not installed")
    return program


def test_the_same_sources_build_the_same_bytes(npm, tmp_path):
    with (FRONTEND / "package.json").open() as lock:
        # Two test processes must not unpack over each other.
        flock(lock, LOCK_EX)
        subprocess.run([npm, "ci", "--silent"], cwd=FRONTEND, check=True, timeout=100)
    subprocess.run([npm, "run", "--silent", "build", "--", str(tmp_path)], cwd=FRONTEND, check=True, timeout=100)
    assert sorted(path.name for path in tmp_path.iterdir()) == VENDORED
    for name in VENDORED:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), f"{name}: run npm run build in frontend/"


def test_the_manifest_says_what_there_is():
    manifest = json.loads((FOLDER / "vendor.json").read_text())
    locked = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    assert {"vendor.json", *(f"vendor-{each['name']}{end}" for each in manifest for end in (".js", ".txt"))} == set(
        VENDORED
    )
    for each in manifest:
        assert each["version"] == locked[f"node_modules/{each['name']}"]["version"]
        assert each["licence"] == "MIT"
        assert each["sha256"] == hashlib.sha256((FOLDER / each["file"]).read_bytes()).hexdigest()


def test_the_lock_file_names_no_host():
    assert "://" not in (FRONTEND / "package-lock.json").read_text()
    assert "integrity" in (FRONTEND / "package-lock.json").read_text()
