"""Real containers: an engine, one image of the site for all tests, and a project for each compose file."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml

from homeport.ops.compose.interpolation import Interpolation
from tests.stack.containers import clock
from tests.stack.containers.author import Author
from tests.stack.containers.engine import Engine, give_up, have_image, running_engine
from tests.stack.containers.faults import HEAD, HEAD_OF_DEPLOYS, FaultTable
from tests.stack.containers.project import HOST, PLAN, Project
from tests.stack.containers.trouble import OUTAGE_SECONDS, PAUSE_SECONDS, impossible

ROOT = Path(__file__).parents[3]
IMAGE = "homeport-tests/site"
BRIEF = Path(__file__).parents[1] / "brief-compose.yaml"
CONTEXT = ("Dockerfile", ".dockerignore", "requirements.txt", "deploy", "src")

OVERRIDE = """
services:
  postgres:
    healthcheck: {{interval: 1s, retries: 60}}
  flask-blog:
    healthcheck: {{interval: 2s, retries: 60}}
  nginx-proxy-manager:
    healthcheck: {{interval: 2s, retries: 60}}
    # The host's own 80, 443 and 81 belong to the file that cannot be changed.
    ports: !override ["127.0.0.1:{http}:80", "127.0.0.1:{https}:443"]
"""
ON_A_DISK = """
volumes:
  postgres_data:
    driver_opts: {{type: none, o: bind, device: "{disk}"}}
"""
DISK_BYTES = 600_000_000


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine") / "dockerd.log") as engine:
        yield engine


@pytest.fixture(scope="session")
def image(engine: Engine) -> str:
    """The site's image, built from this checkout."""
    have_image(base_image())
    build()
    return IMAGE


@pytest.fixture(scope="session")
def clock_image(image: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same with a clock that can be moved."""
    return clock.build(tmp_path_factory.mktemp("clock"), base=base_image(), site=image)


@pytest.fixture(scope="module")
def brief(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The file of the plan as it stands, with its six variables, in a copy of the checkout; not started."""
    root = tmp_path_factory.mktemp("brief")
    (root / "docker-compose.yml").write_bytes(BRIEF.read_bytes())
    copy_context(root)
    (root / ".env").write_text(
        "POSTGRES_USER=blog\nPOSTGRES_PASSWORD=quiet-lanterns\nPOSTGRES_DB=blog\nFLASK_ENV=production\n"
        "FLASK_KEY=a key that only tests use\nDB_URI=postgresql://blog:quiet-lanterns@postgres:5432/blog\n"
    )
    _have_images_of(BRIEF)
    project = Project(root, "homeport-brief", 443, shape=PLAN)
    yield from _until_thrown_away(project)


@pytest.fixture(scope="session")
def ours(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Our stack, up, as `homeport stack init` makes it; its database is on a disk of its own that can be filled."""
    _have_images_of(ROOT / "compose.yaml")
    addresses = ("--site-url", f"https://{HOST}", "--email", f"me@{HOST}")
    with (
        a_disk(tmp_path_factory.mktemp("disk")) as disk,
        new_stack(tmp_path_factory.mktemp("ours"), "homeport-ours", *addresses, disk=disk) as project,
    ):
        project.up()
        yield project


@pytest.fixture(scope="session")
def author(ours: Project) -> Author:
    """Somebody with an account on our stack."""
    author = Author(ours)
    author.sign_up()
    return author


@pytest.fixture(scope="session")
def fault_table() -> Iterator[FaultTable]:
    """What the faults of this run have cost; written to the file that FAULT_TABLE names."""
    head = HEAD.format(outage=OUTAGE_SECONDS, pause=PAUSE_SECONDS, impossible="\n".join(impossible()))
    table = FaultTable(head)
    yield table
    if path := os.environ.get("FAULT_TABLE"):
        table.write(Path(path))


@pytest.fixture(scope="session")
def deploy_table() -> Iterator[FaultTable]:
    """What the deploys of this run have cost; written to the file that DEPLOY_TABLE names."""
    table = FaultTable(HEAD_OF_DEPLOYS, is_whole=True)
    yield table
    if path := os.environ.get("DEPLOY_TABLE"):
        table.write(Path(path))


@contextmanager
def new_stack(root: Path, name: str, *arguments: str, disk: Path | None = None) -> Iterator[Project]:
    """Make our stack as `homeport stack init` does with these arguments; not started, and thrown away at the end."""
    http, https = _free_ports(2)
    init = [sys.executable, "-P", "-m", "homeport", "stack", "init", str(root), *arguments]
    said = subprocess.run(init, check=True, capture_output=True, text=True).stdout
    override = OVERRIDE.format(http=http, https=https) + (ON_A_DISK.format(disk=disk) if disk else "")
    (root / "compose.override.yaml").write_text(override)
    [recovery_key] = re.findall(r"AGE-SECRET-KEY-\S+", said)
    project = Project(root, name, https, {"SITE_IMAGE": IMAGE}, disk or root, recovery_key)
    yield from _until_thrown_away(project)


def copy_context(folder: Path) -> None:
    """Copy what the image is made of."""
    for name in CONTEXT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)


def base_image() -> str:
    """Return the image that ours is built on."""
    [name] = re.findall(r"(?m)^ARG PYTHON_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    return str(name)


def build(folder: Path = ROOT, tag: str = IMAGE) -> str:
    """Build the site's image; return what the builder said."""
    command = ["docker", "build", "--progress", "plain", "--tag", tag, str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stderr


def _have_images_of(file: Path) -> None:
    for service in yaml.safe_load(file.read_text(encoding="utf-8"))["services"].values():
        if "build" not in service:
            have_image(Interpolation(os.environ).apply(service["image"]))


def _until_thrown_away(project: Project) -> Iterator[Project]:
    project.compose("down", "--volumes", "--timeout", "5", check=False)
    try:
        yield project
    finally:
        project.compose("down", "--volumes", "--rmi", "local", "--timeout", "5", check=False)


@contextmanager
def a_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of its own on the folder, small enough to be filled."""
    options = f"size={DISK_BYTES},mode=1777"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False).returncode != 0:
        give_up("a disk that can be filled takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]
