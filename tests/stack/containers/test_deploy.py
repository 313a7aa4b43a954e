"""A new release in a running stack: nobody notices, and what does not work is taken back."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.stack.containers.author import Author, Traffic
from tests.stack.containers.conftest import IMAGE
from tests.stack.containers.project import SITE, Project

DEPLOYS = int(os.environ.get("DEPLOYS", "3"))
"""How many in a row; the measurement of long series asks for more."""

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300 + 200 * DEPLOYS)]

CANDIDATE = "homeport-tests/candidate"
WITHOUT_APPLICATION = (
    "USER 0\nRUN rm /srv/homeport/homeport/app.py /srv/homeport/homeport/__pycache__/app.*\nUSER 10001:10001"
)
MIGRATION = "revision='9999'\\ndown_revision='0005'\\nbranch_labels=depends_on=None\\nOLDEST_RELEASE='99.0.0'\\n"
VERSIONS = "/srv/homeport/homeport/db/migrations/versions"
WITH_MIGRATION = f'USER 0\nRUN printf "{MIGRATION}" > {VERSIONS}/9999_far_ahead.py\nUSER 10001:10001'


@pytest.fixture
def original(ours: Project, image: str) -> Iterator[str]:
    """The number of the image that the other tests want to find under its name again."""
    number = image_of(image)
    yield number
    subprocess.run(["docker", "image", "tag", number, IMAGE], check=True)
    for name in (CANDIDATE, f"{IMAGE}:former"):
        subprocess.run(["docker", "image", "rm", name], check=False, capture_output=True)
    ours.up("--no-build")


@pytest.fixture
def traffic(author: Author) -> Iterator[Traffic]:
    with Traffic(author).flowing() as traffic:
        yield traffic


def image_of(name: str) -> str:
    return subprocess.check_output(["docker", "image", "inspect", "--format", "{{.Id}}", name], text=True).strip()


def candidate(number: str, lines: str) -> str:
    """Build the next image out of the first one."""
    given = f"FROM {IMAGE}\n{lines}\n"
    subprocess.run(["docker", "image", "tag", number, IMAGE], check=True)
    subprocess.run(["docker", "build", "--quiet", "--tag", CANDIDATE, "-"], input=given, text=True, check=True)
    return image_of(CANDIDATE)


def deploy(project: Project, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P", "-m", "homeport", "deploy", str(project.root), "--image", CANDIDATE, *arguments]
    environment = {**os.environ, **project.environment, "COMPOSE_PROJECT_NAME": project.name}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_deploys_lose_no_read_and_no_write(ours, author, original, traffic, deploy_table):
    for number in range(1, DEPLOYS + 1):
        image = candidate(image_of(IMAGE), f"LABEL deploy={number}")
        began = time.monotonic()
        deployed = deploy(ours)
        took = time.monotonic() - began
        assert deployed.returncode == 0, deployed.stderr
        assert ours.container(SITE)["Image"] == image
        assert {ours.container(each)["Image"] for each in ("jobs", "edge", "backup")} == {image}
        deploy_table.add(f"Deploy {number} of {DEPLOYS}", took, traffic, since=began, lost=len(author.missing()))
    traffic.recovered_after(time.monotonic())
    assert traffic.count(is_write=True, is_good=False) == 0
    assert traffic.count(is_write=False, is_good=False) == 0
    assert traffic.count(is_write=True, is_good=True) > 50
    assert author.missing() == set()


def test_an_image_that_does_not_work_is_taken_back(ours, author, original, traffic, deploy_table):
    before = ours.container(SITE)["Id"]
    candidate(original, WITHOUT_APPLICATION)
    began = time.monotonic()
    refused = deploy(ours)
    took = time.monotonic() - began
    assert refused.returncode == 6
    assert "the new image does not get ready. It said:" in refused.stderr
    assert "The former image serves as before." in refused.stderr
    assert [each["Id"] for each in ours.all_containers(SITE)] == [before]
    assert image_of(IMAGE) == original
    traffic.recovered_after(time.monotonic())
    assert traffic.count(is_write=True, is_good=False) + traffic.count(is_write=False, is_good=False) == 0
    deploy_table.add("A broken image", took, traffic, since=began, lost=len(author.missing()))


def test_a_migration_that_would_end_the_release_that_runs_is_refused(ours, author, original):
    before = ours.container(SITE)["Id"]
    candidate(original, WITH_MIGRATION)
    refused = deploy(ours)
    assert refused.returncode == 6
    assert "migration 9999 needs Homeport 99.0.0 or newer beside it" in refused.stderr
    assert [each["Id"] for each in ours.all_containers(SITE)] == [before]
    assert image_of(IMAGE) == original
    assert author.reads()
