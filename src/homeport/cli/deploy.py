"""The command that brings a new release to a running container stack."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from homeport.errors import ConflictError, NotFoundError
from homeport.ops.compose.project import Project
from homeport.ops.deploy.rollout import OVERLAP_SECONDS, PATIENCE_SECONDS, Times, deploy
from homeport.ops.deploy.stack import Stack

FOLDER = click.Path(file_okay=False, path_type=Path)
SECONDS = click.FloatRange(0)


@click.command("deploy", epilog="Example:  homeport deploy .")
@click.argument("folder", metavar="DIR", default=".", type=FOLDER)
@click.option("--pull", is_flag=True, help="Fetch SITE_IMAGE from its registry instead of building it.")
@click.option("--image", default="", metavar="IMAGE", help="Take an image that is here, such as homeport:former.")
@click.option("--patience", type=SECONDS, default=PATIENCE_SECONDS, show_default=True, help="Seconds to get ready in.")
@click.option(
    "--overlap", type=SECONDS, default=OVERLAP_SECONDS, show_default=True, help="Seconds in which both serve."
)
def deploy_(folder: Path, image: str, patience: float, overlap: float, *, pull: bool) -> None:
    """Replace the site in the stack of DIR by a new image; nobody notices, and what does not work is taken back."""
    if pull and image:
        raise click.UsageError("--pull and --image exclude each other.")
    stack = Stack(folder)
    with _alone(Project(folder).compose_file):
        deploy(stack, _way(stack, image, pull=pull), click.echo, Times(patience, overlap))
    click.echo("Deployed.")


def _way(stack: Stack, image: str, *, pull: bool) -> Callable[[], None]:
    """Return how the new image gets the site's name."""
    if image:
        return lambda: stack.tag(image, stack.image())
    return stack.pull if pull else stack.build


@contextmanager
def _alone(compose_file: Path) -> Iterator[None]:
    """Keep a second deploy of the same folder away."""
    try:
        file = compose_file.open("rb")
    except OSError:
        raise NotFoundError(f"{compose_file} is not there", hint="Name the folder of the stack.") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError("another deploy of this stack is under way") from None
        yield
