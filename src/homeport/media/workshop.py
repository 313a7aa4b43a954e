"""Has the forms of a picture made by another program, which is killed when it takes too long or too much."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import homeport
from homeport.jobs.errors import HopelessJobError
from homeport.media.types import MediaType
from homeport.media.variants import UNSUITABLE, Variant, type_of
from homeport.ops import process

LONGEST_SECONDS = 300.0
PREFIX = ".making-"
LEFT_BEHIND_SECONDS = 24 * 3600.0
LONGEST_COMPLAINT = 500


class VariantsError(HopelessJobError):
    """The picture cannot be decoded within the bounds; it is shown as it is."""


@contextmanager
def make_files(
    original: Path, source: MediaType, wanted: Sequence[Variant], *, folder: Path
) -> Iterator[dict[Variant, Path]]:
    """Yield a file for each form, in a folder below `folder` that goes when the block ends.

    There are none of a picture that moves. Raises VariantsError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=folder) as making:
        names = {each: f"{type_of(each.format, source).name.upper()}-{each.width}" for each in wanted}
        code = _run(original, source, Path(making), list(names.values()))
        yield {} if code == UNSUITABLE else {each: Path(making) / name for each, name in names.items()}


def remove_leftovers(folder: Path) -> None:
    """Remove what a worker left that was killed in the middle of a picture."""
    for left in folder.glob(f"{PREFIX}*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _run(original: Path, source: MediaType, making: Path, names: Sequence[str]) -> int:
    command = process.python("-P", "-m", "homeport.media.encoder", original, source.name.upper(), making, *names)
    # Nothing of our own surroundings: they hold passwords.
    surroundings = {"PYTHONPATH": str(Path(homeport.__file__).parents[1]), "LANG": "C.UTF-8"}
    with (making / "said").open("wb") as said:
        child = process.start(command, environment=surroundings, output=said, death_signal=signal.SIGKILL)
        try:
            code = child.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            raise VariantsError(f"the picture took longer than {LONGEST_SECONDS:.0f} seconds.") from None
        finally:
            child.kill()
            child.wait()
    if code in (os.EX_OK, UNSUITABLE):
        return code
    complaint = (making / "said").read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
    raise VariantsError(f"the picture cannot be decoded: {complaint[:LONGEST_COMPLAINT] or _end_of(code)}")


def _end_of(code: int) -> str:
    return f"its decoder was ended by {signal.Signals(-code).name}" if code < 0 else f"code {code}"
