"""The way into a new site, from the terminal to the first account."""

import re
import subprocess
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.stack

LINK = re.compile(r"Set up this site: (http://localhost:\d+/setup/[\w-]{43})")


def status_of(link, data=None):
    try:
        return urlopen(Request(link, data=data)).status
    except HTTPError as error:
        return error.code


def add_account(stack):
    command = stack.command("user", "add", "ada", "--password-stdin")
    subprocess.run(command, input="seven quiet lanterns\n", text=True, check=True, env=stack.surroundings(), timeout=90)


def test_a_new_site_tells_its_setup_link_at_every_start_until_somebody_owns_it(stack):
    first = LINK.search(stack.up().stdout)[1]
    assert first.startswith(f"http://localhost:{stack.port}/")
    assert first in stack.folder.site_log.read_text()
    assert status_of(first) == 200
    stack.run("down")
    second = LINK.search(stack.up().stdout)[1]
    assert (status_of(first), status_of(second)) == (410, 200)
    third = stack.run("setup-link").stdout.strip()
    assert (status_of(second), status_of(third)) == (410, 200)
    add_account(stack)
    assert status_of(third) == 410
    assert status_of(third, b"display_name=Eve&password=seven+quiet+lanterns&title=Mine") == 410
    assert stack.run("setup-link").returncode == 5
    stack.run("down")
    assert "Set up" not in stack.up().stdout
