"""What an import has to tell, short enough for a terminal: much of one kind in one line, all of it in a file."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from homeport.exchange.notices import Notice
from homeport.exchange.report import ImportReport

FEW = 3
"""So many of one kind are told one by one; of more, so many files are named."""

_REPEATED = re.compile(r" \(\d+ times, here first\)$")
_PARTICULAR = re.compile(r"'[^']*'|<[^>]+>|\"[^\"]*\"|`[^`]*`|[^\s;,:]*[/.][^\s;,:]*\w/?|(?<![\w.])\d[\d,]*")


def print_notices(report: ImportReport, file: Path, *, is_verbose: bool) -> None:
    """Say what was skipped and what is worth a look; `file` gets all of it when the terminal does not."""
    parts = (("Skipped", report.skipped), ("Worth a look", report.warnings))
    told = [(heading, lines_of(notices) if is_verbose else summary_of(notices)) for heading, notices in parts]
    for heading, lines in told:
        if lines:
            click.echo("\n".join((f"\n{heading}:", *(f"  {line}" for line in lines))))
    everything = [f"{heading}: {line}" for heading, notices in parts for line in lines_of(notices)]
    if len(everything) > sum(len(lines) for _, lines in told):
        _write(file, everything)


def lines_of(notices: Iterable[Notice]) -> list[str]:
    """Return a line for each notice, with its place."""
    return [f"{_place(notice)}: {notice.reason}" for notice in notices]


def summary_of(notices: Iterable[Notice]) -> list[str]:
    """Return a line for each kind of notice that there are many of, and for all others one each."""
    kinds: dict[str, list[Notice]] = {}
    for notice in notices:
        kind = _PARTICULAR.sub("…", _REPEATED.sub("", notice.reason))
        kinds.setdefault(kind, []).append(notice)
    lines: list[str] = []
    for kind, alike in kinds.items():
        lines += lines_of(alike) if len(alike) <= FEW else [_in_one(kind, alike)]
    return lines


def _in_one(kind: str, alike: Sequence[Notice]) -> str:
    named = ", ".join(_place(notice) for notice in alike[:FEW])
    return f"{len(alike):,} times: {kind} ({named}, …)"


def _place(notice: Notice) -> str:
    return notice.file if notice.line is None else f"{notice.file}:{notice.line}"


def _write(file: Path, lines: Iterable[str]) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        click.echo(f"\n--verbose shows them one by one ({file} cannot be written: {error.strerror}).")
    else:
        click.echo(f"\nOne by one: {file}, or --verbose.")
