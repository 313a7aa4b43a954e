"""Writes the documents that follow from the code, so that no setting or command is described by hand: `bin/docs`."""

import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from homeport.api.v1 import openapi_text
from homeport.cli.main import COMMON_OPTIONS, cli
from homeport.cli.settings import DESCRIPTIONS
from homeport.ops.edge.keys import HOST_KEYS, KEYS, Key
from homeport.settings import VARIABLES, Variable

GENERATED = "<!-- Written by bin/docs from the code; change it there. -->"
EXAMPLE = re.compile(r"Example:\s+(.+)")
WIDTH = 100
ROOT = Path(__file__).resolve().parents[3]

SETTINGS_HEAD = """\
# Settings of an installation

Read from the environment and from `.env` in the checkout, or in the current folder where Homeport is installed as a
package; the environment wins. All faults are reported at once. A secret can also come from a file: set `<NAME>_FILE` to
its path instead.
"""

SITE_HEAD = """\
## What the author decides

Kept in the database, because it belongs to the site and not to the machine. `homeport settings` shows these,
`homeport settings set NAME VALUE` changes one.
"""

EDGE_HEAD = """\
## What the edge is declared to be

Read by `homeport edge` alone, from the environment and from the file that `EDGE_FILE` names (`deploy/edge.toml` is one
to start from); the environment wins. [The guide](edge.md) says what comes of it.
"""

EDGE_FILE_HEAD = """\
# What the edge is declared to be: copy this file, name the copy in EDGE_FILE, change what you need.
# The variable behind each key wins over it. Written by bin/docs from src/homeport/ops/edge/keys.py.
"""

COMMANDS_HEAD = """\
# The command line

`bin/homeport` from a checkout, `homeport` where it is installed. Every command also takes `--help`, `--data DIR` (the
data folder) and `--verbose` (a traceback when something goes wrong). Commands that need the database use the one of the
running site, or start it and stop it afterwards.

Exit codes: 0 done, 1 unexpected, 2 wrong usage, 3 not found, 4 not valid, 5 conflict, 6 something it needs is away,
7 settings, 8 not allowed, 130 stopped by hand.
"""

ENV_HEAD = """\
# Settings of this installation. Copy this file to .env and change what you need; docs/settings.md says more.
# Written by bin/docs from src/homeport/settings.py.
"""


def documents() -> Mapping[str, str]:
    """Return every generated document by its path in the repository."""
    return {
        "docs/settings.md": settings_page(),
        "docs/commands.md": commands_page(),
        ".env.example": env_example(),
        "docs/api/openapi.json": openapi_text(),
        "deploy/edge.toml": edge_example(),
    }


def settings_page() -> str:
    """Return the page about settings."""
    rows = "\n".join(_setting_row(variable) for variable in VARIABLES)
    site_rows = "\n".join(f"| `{name}` | {sentence} |" for name, sentence in DESCRIPTIONS.items())
    edge_rows = "\n".join(_edge_row(key) for key in (*KEYS, *HOST_KEYS))
    return (
        f"{SETTINGS_HEAD}\n{GENERATED}\n\n| Variable | Default | What it does |\n|---|---|---|\n{rows}\n\n"
        f"{SITE_HEAD}\n| Setting | What it is |\n|---|---|\n{site_rows}\n\n"
        f"{EDGE_HEAD}\n| Key | Variable | Default | What it does |\n|---|---|---|---|\n{edge_rows}\n"
    )


def env_example() -> str:
    """Return the example of a `.env` file: everything is there, nothing is set."""
    return "\n".join([ENV_HEAD, *(_env_lines(variable) for variable in VARIABLES)])


def edge_example() -> str:
    """Return the example of a declaration of the edge: everything is there, nothing is set."""
    tables: dict[str, list[str]] = {}
    for key in KEYS:
        tables.setdefault(f"[{key.table}]", []).append(_edge_lines(key))
    tables["#[[host]]"] = [_edge_lines(key) for key in HOST_KEYS]
    return "\n".join([EDGE_FILE_HEAD, *(f"{table}\n{''.join(lines)}" for table, lines in tables.items())])


def commands_page() -> str:
    """Return the page about commands, made of what their `--help` says."""
    sections = "\n".join(_command_section(path, context) for path, context in commands())
    return f"{COMMANDS_HEAD}\n{GENERATED}\n\n{sections}"


def main() -> None:
    """Write the documents into the checkout."""
    for path, text in documents().items():
        (ROOT / path).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")


def _setting_row(variable: Variable) -> str:
    name = f"`{variable.name}`" + (f", `{variable.name}_FILE`" if variable.is_secret else "")
    default = f"`{variable.default}`" if variable.default else ""
    example = f" Example: `{variable.example}`" if variable.example else ""
    return f"| {name} | {default} | {variable.help}{example} |".replace("\n", " ")


def _edge_row(key: Key) -> str:
    path = f"[[host]] {key.name}" if key in HOST_KEYS else key.path
    variable = f"`{key.variable}`" if key.variable else ""
    default = f"`{key.default}`" if key.default else ""
    example = f" Example: `{key.example}`" if key.example else ""
    return f"| `{path}` | {variable} | {default} | {key.help}{example} |"


def _edge_lines(key: Key) -> str:
    variable = f" ({key.variable})" if key.variable else ""
    comment = "\n".join(f"# {line}" for line in textwrap.wrap(f"{key.help}{variable}", 110))
    return f"{comment}\n#{key.name} = {_toml(key.example or key.default)}\n"


def _toml(value: str) -> str:
    is_bare = value.isdigit() or value in ("true", "false")
    return value if is_bare else json.dumps(value)


def _env_lines(variable: Variable) -> str:
    help_lines = textwrap.wrap(variable.help, 110)
    example = [f"Example: {variable.example}"] if variable.example else []
    comment = "\n".join(f"# {line}" for line in help_lines + example)
    return f"{comment}\n#{variable.name}={variable.default or ''}\n"


def commands() -> Iterator[tuple[str, click.Context]]:
    """Yield every command that can be run, groups of commands included, with the words that run it."""
    # The width must not depend on the terminal that the documents are written in.
    root = click.Context(cli, info_name="homeport", terminal_width=WIDTH)
    yield from _below(root)


def example_of(command: click.Command) -> str:
    """Return the example that the command's help shows, or an empty string."""
    match = EXAMPLE.search(f"{command.help}\n{command.epilog}")
    return match[1].strip() if match else ""


def _below(context: click.Context) -> Iterator[tuple[str, click.Context]]:
    group = context.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        child = click.Context(command, info_name=name, parent=context)
        yield child.command_path, child
        if isinstance(command, click.Group):
            yield from _below(child)


def _command_section(path: str, context: click.Context) -> str:
    command = context.command
    words = inspect.cleandoc(EXAMPLE.sub("", command.help or "").replace("\b", "")).strip()
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    options = "".join(f"- `{names}`: {text}\n" for names, text in _own_options(command, context))
    return f"## {path}\n\n`{usage}`\n\n{words}\n\n" + (f"{options}\n" if options else "") + _example(command)


def _own_options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in command.params:
        record = None if parameter in COMMON_OPTIONS else parameter.get_help_record(context)
        if record and record[1]:
            yield record


def _example(command: click.Command) -> str:
    return f"```\n{example_of(command)}\n```\n"


if __name__ == "__main__":
    main()
