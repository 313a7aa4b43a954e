"""Every page is valid HTML in the eyes of the Nu checker, which browsers' own authors use."""

import json
import shutil
import subprocess
from fcntl import LOCK_EX, flock
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.browser.seed import MISSING_PAGE, PAGES, PICTURE_PAGE

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
JAR = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.fixture(scope="module")
def checker() -> list[str]:
    """The command of the checker, installed on first use."""
    if missing := [program for program in ("java", "npm") if not shutil.which(program)]:
        pytest.skip(f"{' and '.join(missing)} not installed")
    with (HERE / "package.json").open() as lock:
        # Two test processes must not unpack over each other.
        flock(lock, LOCK_EX)
        if not JAR.exists():
            subprocess.run(["npm", "ci", "--silent"], cwd=HERE, check=True, timeout=100)
    return ["java", "-jar", str(JAR), "--stdout", "--format", "json"]


def test_every_page_is_valid(checker, address, empty_address, tmp_path):
    for number, path in enumerate((*PAGES, PICTURE_PAGE, MISSING_PAGE, "/posts/very-long")):
        (tmp_path / f"{number:02}.html").write_bytes(_read(address + path))
    (tmp_path / "empty.html").write_bytes(_read(empty_address + "/"))

    found = subprocess.run([*checker, str(tmp_path)], capture_output=True, check=False, timeout=100)
    messages = json.loads(found.stdout)["messages"]
    assert [f"{message['url'][-20:]}: {message['message']} {message.get('extract', '')}" for message in messages] == []


def test_the_checker_finds_what_is_wrong(checker, tmp_path):
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p style=1><div></p>")
    found = subprocess.run([*checker, str(tmp_path)], capture_output=True, check=False, timeout=100)
    assert json.loads(found.stdout)["messages"]


def _read(url: str) -> bytes:
    try:
        with urlopen(url) as answer:
            return answer.read()
    except HTTPError as error:
        return error.read()
