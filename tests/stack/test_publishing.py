"""A post, written in a file, on a whole site that runs: sent by the command that people type."""

import subprocess
from urllib.request import urlopen

import pytest
from sqlalchemy import select

from homeport.accounts.models import Account
from homeport.accounts.permissions import Member, Permission, permissions_of
from homeport.accounts.tokens import make_token
from homeport.cli.context import Installation
from homeport.cli.database import open_database
from tests.factories.media import a_picture

pytestmark = pytest.mark.stack

TEXT = "---\ntitle: First light\n---\n\n![A hill](hill.png)\n\nClear *tonight*.\n"


def token_of(stack, name):
    command = stack.command("user", "add", name, "--password-stdin")
    subprocess.run(command, input="seven quiet lanterns\n", text=True, check=True, env=stack.surroundings(), timeout=90)
    installation = Installation(data=stack.folder.root, outside=stack.surroundings())
    with open_database(installation) as database, database.transaction() as session:
        account = session.scalars(select(Account).where(Account.name == name)).one()
        member = Member(account.id, name, "owner", account.author_id, name, name, permissions_of("owner"))
        return make_token(session, member, "laptop", [Permission.READ, Permission.WRITE], days=1)


def test_a_file_is_published_with_its_picture_and_the_second_time_nothing_happens(stack, tmp_path):
    assert stack.up().returncode == 0
    surroundings = {"HOMEPORT_TOKEN": token_of(stack, "ada"), "HOME": str(tmp_path)}
    post = tmp_path / "first-light.md"
    post.write_text(TEXT)
    (tmp_path / "hill.png").write_bytes(a_picture())
    site = f"http://127.0.0.1:{stack.port}"
    published = stack.run("--site", site, "publish", str(post), **surroundings)
    assert published.stdout.startswith("first-light is published at "), published.stderr
    page = urlopen(f"{site}/posts/first-light").read().decode()
    assert "<em>tonight</em>" in page
    assert "/hill.png" in page
    again = stack.run("--site", site, "publish", str(post), **surroundings)
    assert again.stdout.startswith("first-light is unchanged"), again.stderr
    post.write_text(TEXT.replace("Clear", "Cloudy"))
    assert stack.run("--site", site, "publish", str(post), **surroundings).returncode == 0
    assert "Cloudy" in urlopen(f"{site}/posts/first-light").read().decode()


def test_a_token_in_the_environment_is_no_setting_of_the_site_here(stack):
    assert stack.up(HOMEPORT_TOKEN="hp_of-another-site").returncode == 0
    assert stack.run("status", HOMEPORT_TOKEN="hp_of-another-site").returncode == 0
