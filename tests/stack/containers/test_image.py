"""What the image is, and is not."""

import json
import subprocess

import pytest

from tests.stack.containers.conftest import base_image, build, copy_context

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

MOST_BYTES = 120_000_000
CHANGED = "homeport-tests/changed"


def run(image, *command):
    return subprocess.run(["docker", "run", "--rm", image, *command], capture_output=True, text=True, check=False)


def facts(image):
    return json.loads(subprocess.check_output(["docker", "image", "inspect", image]))[0]


def test_it_adds_little_to_its_base(image):
    assert facts(image)["Size"] - facts(base_image())["Size"] < MOST_BYTES


def test_it_runs_the_supervisor_first_and_as_nobody_in_particular(image):
    config = facts(image)["Config"]
    assert config["Cmd"] == ["homeport", "serve"]
    assert not config["Entrypoint"]
    assert config["User"] == "10001:10001"


@pytest.mark.parametrize("tool", ["gcc", "cc", "ld", "make", "strip", "git", "postgres"])
def test_nothing_in_it_could_build_anything(image, tool):
    assert run(image, "sh", "-c", f"command -v {tool}").returncode != 0


def test_python_and_the_command_are_on_the_path(image):
    assert run(image, "python", "-c", "import homeport; print(homeport.__file__)").stdout.startswith("/srv/homeport/")
    assert run(image, "homeport", "--version").stdout.startswith("homeport, version")


@pytest.mark.parametrize("program", ["pg_dump", "pg_restore", "pg_basebackup", "pg_receivewal"])
def test_what_makes_and_restores_dumps_and_fetches_the_log_is_in_it(image, program):
    assert run(image, program, "--version").stdout.startswith(f"{program} (PostgreSQL) 18.")


def test_it_holds_no_secret_and_no_data_of_the_checkout(image):
    found = run(image, "sh", "-c", "find / -xdev \\( -name .env -o -name .git -o -name '*.sqlite*' \\) 2>/dev/null")
    assert found.stdout == ""


def test_without_settings_it_says_all_that_is_missing_and_ends(image):
    ended = run(image)
    assert ended.returncode == 7
    assert "DB_URI is not set" in ended.stderr
    assert "FLASK_KEY is not set" in ended.stderr


def test_a_change_of_code_installs_nothing_anew(image, tmp_path):
    copy_context(tmp_path)
    init = tmp_path / "src" / "homeport" / "__init__.py"
    init.write_text(init.read_text() + "\nCHANGED = True\n")
    try:
        said = build(tmp_path, CHANGED)
        [install] = [
            line.split()[0] for line in said.splitlines() if "pip --python" in line and "--require-hashes" in line
        ]
        assert f"{install} CACHED" in said
        assert run(CHANGED, "python", "-c", "import homeport; print(homeport.CHANGED)").stdout == "True\n"
    finally:
        subprocess.run(["docker", "image", "rm", "--force", CHANGED], check=False, capture_output=True)
