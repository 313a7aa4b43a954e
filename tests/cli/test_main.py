import subprocess
import sys
from pathlib import Path

import click
import pytest

from homeport import __version__, errors
from homeport.cli import context, main
from homeport.cli.context import Installation

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command(monkeypatch):
    """Let `homeport status` do something else, and run it; return its exit code."""

    def run(action, *arguments: str) -> int:
        original = main.Commands.get_command
        replacement = click.Command("status", callback=action)
        main._accept_common_options(replacement)
        monkeypatch.setattr(
            main.Commands,
            "get_command",
            lambda self, ctx, name: replacement if name == "status" else original(self, ctx, name),
        )
        with pytest.raises(SystemExit) as end:
            main.main(arguments)
        assert isinstance(end.value.code, int)
        return end.value.code

    return run


def fail_with(error: Exception):
    def fail() -> None:
        raise error

    return fail


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "code"),
        [(errors.NotFoundError("no such post"), 3), (errors.ConflictError("the slug is taken"), 5)],
    )
    def test_a_known_error_is_one_line_with_a_code_of_its_kind(self, command, capsys, error, code):
        assert command(fail_with(error), "status") == code
        assert capsys.readouterr().err == f"error: {error}\n"

    def test_an_unexpected_error_says_how_to_see_more(self, command, capsys):
        assert command(fail_with(KeyError("x")), "status") == 1
        said = capsys.readouterr().err
        assert said.startswith("error: KeyError: 'x'\n")
        assert "--verbose" in said
        assert "Traceback" not in said

    def test_a_file_that_cannot_be_used_is_named(self, command, capsys, tmp_path):
        assert command((tmp_path / "gone").read_bytes, "status") == 1
        said = capsys.readouterr().err
        assert said.startswith(f"error: {tmp_path}/gone cannot be used: No such file or directory\n")
        assert "Errno" not in said

    def test_messages_say_what_can_be_typed(self, command, capsys, monkeypatch):
        monkeypatch.setattr(sys, "argv", ["bin/_python.py"])
        monkeypatch.chdir("/")
        command(fail_with(errors.NotFoundError("nothing", hint="`homeport list` shows all.")), "status")
        assert f"`{ROOT}/bin/homeport list` shows all." in capsys.readouterr().err

    def test_the_traceback_is_shown_on_demand_only(self, command, capsys):
        assert command(fail_with(errors.InvalidError("bad")), "status", "--verbose") == 4
        assert "Traceback" in capsys.readouterr().err

    def test_a_command_that_does_not_exist_is_a_usage_error(self, command, capsys):
        assert command(None, "nonsense") == 2
        assert "nonsense" in capsys.readouterr().err

    def test_ctrl_c_is_no_error(self, command, capsys):
        assert command(fail_with(KeyboardInterrupt()), "status") == 130  # type: ignore[arg-type]
        assert "error" not in capsys.readouterr().err

    def test_a_command_may_say_its_own_code(self, command):
        assert command(lambda: 6, "status") == 6


class TestCommonOptions:
    @pytest.mark.parametrize("arguments", [("--data", "elsewhere", "status"), ("status", "--data", "elsewhere")])
    def test_the_data_folder_may_be_named_before_or_after_the_command(self, command, arguments):
        seen: list[Path] = []
        command(lambda: seen.append(context.current().folder.root), *arguments)
        assert seen == [Path.cwd() / "elsewhere"]

    def test_the_version_is_told(self, command, capsys):
        assert command(None, "--version") == 0
        assert __version__ in capsys.readouterr().out


class TestInstallation:
    def test_the_environment_wins_over_the_file(self, tmp_path, monkeypatch):
        monkeypatch.setattr(context, "project_folder", lambda: tmp_path)
        (tmp_path / ".env").write_text('PORT=6000\nLOG_LEVEL="debug" # loud\n')
        installation = Installation(outside={"PORT": "7000"})
        assert installation.settings.server.port == 7000
        assert installation.settings.logs.level == "debug"

    def test_the_data_folder_is_beside_the_code_unless_named(self, tmp_path, monkeypatch):
        monkeypatch.setattr(context, "project_folder", lambda: tmp_path)
        assert Installation(outside={}).folder.root == tmp_path / "data"
        assert Installation(outside={"DATA_DIR": "/srv/blog"}).folder.root == Path("/srv/blog")
        assert Installation(data=Path("/elsewhere"), outside={"DATA_DIR": "/srv/blog"}).folder.root == Path(
            "/elsewhere"
        )


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_says_what_it_does_and_shows_an_example(name):
    group = click.Context(main.cli)
    command = main.cli.get_command(group, name)
    assert command is not None
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    for leaf in commands:
        assert leaf.help, leaf.name
        assert "homeport" in (leaf.epilog or leaf.help) or "bin/up" in (leaf.epilog or ""), leaf.name


def test_starting_the_site_loads_neither_the_web_application_nor_what_only_other_commands_need():
    look = "import sys; from homeport.cli import main, stack; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()
    assert not {"flask", "sqlalchemy", "rich", "gunicorn", "psycopg2"} & set(loaded)
