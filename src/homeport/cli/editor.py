"""Lets somebody write in their own editor, and never loses what they wrote."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def edited(name: str, text: str) -> Iterator[bytes]:
    """Open the editor on a text and give what was saved; the file stays where it is if using it fails."""
    path = Path(tempfile.mkdtemp(prefix="homeport-")) / name
    path.write_bytes(text.encode())
    try:
        click.edit(filename=str(path))
        yield path.read_bytes()
    except BaseException:
        if path.read_bytes() == text.encode():
            _remove(path)
        else:
            click.echo(f"Your text is kept in {path}", err=True)
        raise
    _remove(path)


def _remove(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()
