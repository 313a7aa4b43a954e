"""Prints rows for whoever reads them: a table on a terminal, tab-separated lines for the next program."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import click


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows; the names of the columns are only for people."""
    if sys.stdout.isatty():
        _print_for_people(columns, rows)
    else:
        for row in rows:
            click.echo("\t".join(" ".join(cell.split()) for cell in row))


def day_of(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return the day of a moment where the site is; nothing for none."""
    return f"{moment.astimezone(zone):%Y-%m-%d}" if moment else ""


def _print_for_people(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    # A tenth of a second that only a table on a terminal is worth.
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415 - most commands print no table

    table = Table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
