"""Commands about the edge: what it should be, what it is, and how the one becomes the other."""

import dataclasses
import json
import logging
import signal
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from homeport.cli.context import current
from homeport.cli.tables import print_table
from homeport.logs import configure
from homeport.ops.edge.reading import read_declaration
from homeport.ops.edge.reconciler import Plan, Reconciler
from homeport.ops.edge.status import EdgeStatus, status_of
from homeport.ops.edge.watch import INTERVAL_SECONDS, watch
from homeport.ops.notes import EDGE, write_note

DRIFT = 5
ALARM = 6

log = logging.getLogger("homeport.edge")


@click.group(epilog="Example:  homeport edge apply")
def edge() -> None:
    """Nginx Proxy Manager as declared by SITE_URL, EDGE_EMAIL and EDGE_FILE; docs/edge.md says how."""


@edge.command(epilog="Example:  homeport edge plan --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plan(*, as_json: bool) -> None:
    """Print what `apply` would do, and change nothing."""
    planned = _reconciler().plan()
    if as_json:
        click.echo(
            json.dumps({"steps": _steps(planned), "remarks": planned.wanted.remarks}, ensure_ascii=False, indent=2)
        )
        return
    for number, step in enumerate(planned.steps, 1):
        click.echo(f"{number}. {step}")
    if not planned.steps:
        click.echo("The proxy is as declared; there is nothing to do.")
    for remark in planned.wanted.remarks:
        click.echo(f"Note: {remark}")


@edge.command(epilog="Example:  homeport edge apply")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def apply(*, as_json: bool) -> None:
    """Make the proxy what is declared, and prove it from outside; when all is so already, write nothing."""
    done: list[str] = []

    def say(step: object) -> None:
        done.append(str(step))
        if not as_json:
            click.echo(f"- {step}")

    reconciler = _reconciler()
    reconciler.wait_for_proxy()
    left = reconciler.apply(say)
    if as_json:
        click.echo(json.dumps({"done": done, "remarks": left.wanted.remarks}, ensure_ascii=False, indent=2))
    else:
        click.echo("The edge is as declared, seen from outside." + ("" if done else " Nothing was written."))


@edge.command(epilog="Example:  homeport edge status --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(*, as_json: bool) -> int:
    """Show hosts, certificates and what differs from the declaration.

    Exit code 6 when readers are, or soon will be, worse off: a host that is not served as declared, a certificate with
    less than 21 days left. Exit code 5 when only the proxy differs from the declaration.
    """
    reconciler = _reconciler()
    planned = reconciler.plan()
    found = status_of(planned, reconciler.faults(planned), reconciler.now())
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found), default=str, ensure_ascii=False, indent=2))
    else:
        _print(found)
    return ALARM if found.alarms else DRIFT if found.drift else 0


@edge.command("watch", epilog="Example:  homeport edge watch")
@click.option(
    "--every", type=click.FloatRange(1), default=INTERVAL_SECONDS, show_default=True, help="Seconds between two looks."
)
def watch_(every: float) -> None:
    """Apply at start and look again every hour, until Ctrl-C; whatever fails is logged and tried again."""
    configure(current().settings.logs)
    # A declaration that is wrong now will be wrong in an hour.
    read_declaration(current().environment)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    watch(_reconciler, stop, interval_seconds=every, note=_note)


def _note(facts: Mapping[str, Any]) -> None:
    """Leave it for whoever asks how the edge is; a folder that cannot be written to is no reason to stop."""
    try:
        write_note(current().folder.notes, EDGE, facts, at=datetime.now(UTC))
    except OSError as error:
        log.warning("what was seen of the edge cannot be noted down: %s", error)


def _reconciler() -> Reconciler:
    return Reconciler.of(read_declaration(current().environment))


def _steps(planned: Plan) -> list[dict[str, Any]]:
    return [{"kind": type(step).__name__, "what": str(step)} for step in planned.steps]


def _print(found: EdgeStatus) -> None:
    click.echo(f"Nginx Proxy Manager {found.version}")
    rows = [
        (
            ", ".join(host.names),
            host.leads_to,
            "served" if host.is_online else "not served",
            f"{host.certificate_ends_at:%Y-%m-%d} ({host.days_left} days)" if host.certificate_ends_at else "",
            "" if host.is_declared else "not declared",
        )
        for host in found.hosts
    ]
    print_table(("Names", "Lead to", "State", "Certificate until", ""), rows)
    for title, lines in (("Alarm", found.alarms), ("Differs", found.drift), ("Note", found.remarks)):
        for line in lines:
            click.echo(f"{title}: {line}")
