"""Finds the command, runs it, and tells in one line what went wrong."""

import importlib
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from homeport import __version__
from homeport.cli.context import Installation
from homeport.errors import HomeportError
from homeport.ops.commandname import as_typed, example_as_typed, typed
from homeport.ops.exits import UNEXPECTED, exit_code, explain

# Name -> where it is; imported when it is asked for, because the start of the site must not wait for the others.
COMMANDS = {
    "up": "homeport.cli.stack:up",
    "down": "homeport.cli.stack:down",
    "status": "homeport.cli.stack:status",
    "logs": "homeport.cli.stack:logs",
    "doctor": "homeport.cli.doctor:doctor",
    "serve": "homeport.cli.stack:serve",
    "migrate": "homeport.cli.stack:migrate",
    "stack": "homeport.cli.containers:stack",
    "import": "homeport.cli.exchange:import_",
    "export": "homeport.cli.exchange:export",
    "new": "homeport.cli.content:new",
    "edit": "homeport.cli.content:edit",
    "publish": "homeport.cli.content:publish",
    "unpublish": "homeport.cli.content:unpublish",
    "rename": "homeport.cli.content:rename",
    "delete": "homeport.cli.content:delete",
    "list": "homeport.cli.content:list_",
    "show": "homeport.cli.content:show",
    "login": "homeport.cli.login:login",
    "logout": "homeport.cli.login:logout",
    "tag": "homeport.cli.taxonomy:tag",
    "series": "homeport.cli.taxonomy:series",
    "redirect": "homeport.cli.redirects:redirect",
    "media": "homeport.cli.media:media",
    "jobs": "homeport.cli.jobs:jobs",
    "comments": "homeport.cli.comments:comments",
    "setup-link": "homeport.cli.users:setup_link",
    "user": "homeport.cli.users:user",
    "author": "homeport.cli.authors:author",
    "settings": "homeport.cli.settings:settings",
    "edge": "homeport.cli.edge:edge",
    "backup": "homeport.cli.backup:backup",
    "deploy": "homeport.cli.deploy:deploy_",
    "restore": "homeport.cli.backup:restore",
    "upgrade-db": "homeport.cli.upgrade:upgrade_db",
}
ELSEWHERE = ("publish", "list", "show", "login", "logout")
"""Commands that can be about a site elsewhere, which they ask through its API."""

STOPPED_BY_HAND = 130


class Commands(click.Group):
    """The group of all commands; every one of them also takes the options of the whole."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name them in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        _accept_common_options(command)
        _say_what_is_typed(command)
        if cmd_name in ELSEWHERE and SITE_OPTION not in command.params:
            command.params.append(SITE_OPTION)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; refuse one that can do nothing about a site elsewhere."""
        name, command, rest = super().resolve_command(ctx, args)
        if ctx.ensure_object(Installation).site and name not in ELSEWHERE:
            raise click.UsageError(f"`{name}` works on the installation here; --site is for {', '.join(ELSEWHERE)}.")
        return name, command, rest


def _remember_data(context: click.Context, _option: click.Parameter, data: Path | None) -> None:
    if data is not None:
        context.ensure_object(Installation).data = data


def _remember_verbose(context: click.Context, _option: click.Parameter, is_verbose: bool) -> None:  # noqa: FBT001 - click's signature
    if is_verbose:
        context.ensure_object(Installation).is_verbose = True


def _remember_site(context: click.Context, _option: click.Parameter, site: str) -> None:
    if site:
        context.ensure_object(Installation).site = site


SITE_OPTION = click.Option(
    ["--site"],
    metavar="URL",
    default="",
    help=f"A site elsewhere, for {', '.join(ELSEWHERE)}.",
    expose_value=False,
    callback=_remember_site,
)
COMMON_OPTIONS = (
    click.Option(
        ["--data"],
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Data folder; by default DATA_DIR, else ./data.",
        expose_value=False,
        callback=_remember_data,
    ),
    click.Option(
        ["--verbose"],
        is_flag=True,
        help="Show the traceback when something goes wrong.",
        expose_value=False,
        callback=_remember_verbose,
    ),
)


def _accept_common_options(command: click.Command) -> None:
    for option in COMMON_OPTIONS:
        if option not in command.params:
            command.params.append(option)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _accept_common_options(child)


def _say_what_is_typed(command: click.Command) -> None:
    command.help, command.epilog = as_typed(command.help or ""), example_as_typed(command.epilog or "")
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            option.help = as_typed(option.help)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _say_what_is_typed(child)


cli = Commands(
    name="homeport",
    help="A personal website and the stack that runs it.\n\nStart with:  bin/up",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cli.params.extend((*COMMON_OPTIONS, SITE_OPTION))
click.version_option(__version__, prog_name="homeport")(cli)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with the code that says how it went."""
    installation = Installation()
    try:
        code = cli.main(arguments, prog_name=typed(), standalone_mode=False, obj=installation)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(STOPPED_BY_HAND)
    except Exception as error:  # noqa: BLE001 - the one handler at the top
        sys.exit(_fail(error, is_verbose=installation.is_verbose))
    sys.exit(code if isinstance(code, int) else 0)


def _fail(error: Exception, *, is_verbose: bool) -> int:
    if is_verbose:
        traceback.print_exception(error)
    if isinstance(error, HomeportError):
        explain(error)
    elif isinstance(error, OSError) and error.filename:
        sentence = f"{error.filename} cannot be used: {error.strerror}"
        explain(HomeportError(sentence, hint="Check that it is there, and that you may read and write it."))
    else:
        # Of several lines the later ones show statements, and rows with what they hold.
        said = str(error).partition("\n")[0]
        explain(HomeportError(f"{type(error).__name__}: {said}", hint="Run it again with --verbose to see where."))
    return exit_code(error) if isinstance(error, HomeportError) else UNEXPECTED
