"""Lets somebody write in their own editor, and never loses what they wrote."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from homeport.errors import UnavailableError


class EditorError(UnavailableError):
    """The author's editor did not start, or ended without saying that all is well."""


@contextmanager
def edited(name: str, text: str) -> Iterator[bytes]:
    """Open the editor on a text and give what was saved; the file stays where it is if using it fails."""
    path = Path(tempfile.mkdtemp(prefix="homeport-")) / name
    path.write_bytes(text.encode())
    try:
        _open_editor(path)
        yield path.read_bytes()
    except BaseException:
        if path.read_bytes() == text.encode():
            _remove(path)
        else:
            click.echo(f"Your text is kept in {path}", err=True)
        raise
    _remove(path)


def _open_editor(path: Path) -> None:
    try:
        click.edit(filename=str(path))
    except click.ClickException as error:
        # Its message has the editor's name in front, and the system's number of the error.
        editor, _, reason = error.message.partition(": Editing failed")
        why = "is not installed" if "No such file" in reason else reason.lstrip(": ") or "ended with an error"
        raise EditorError(
            f"the editor {editor} {why}", hint="Set EDITOR to one that is here, such as EDITOR=nano."
        ) from error


def _remove(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()
