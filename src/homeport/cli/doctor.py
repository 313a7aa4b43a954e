"""The command that attacks its own site and says what it found."""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from homeport.cli.context import Installation, current
from homeport.db.schema import HEAD
from homeport.errors import UnavailableError
from homeport.ops import probe
from homeport.ops.asking import DatabaseSilentError, asking
from homeport.ops.commandname import as_typed
from homeport.ops.doctor.examination import examine
from homeport.ops.doctor.findings import Result
from homeport.ops.doctor.patient import DATABASE_SECONDS, Patient, is_loopback
from homeport.ops.doctor.view import View
from homeport.ops.edge.declaration import OutsideView
from homeport.ops.edge.reading import read_declaration
from homeport.ops.edge.reconciler import Reconciler
from homeport.ops.edge.status import EdgeStatus, status_of
from homeport.ops.folder import DataFolder
from homeport.ops.postgres import running
from homeport.ops.tenancy import SITE, find_tenant

FOUND = 1
ANSWER_SECONDS = 5.0
LOOPBACK_URL = "http://127.0.0.1:{port}"
ADDRESS = "select address from site"


@click.command(epilog="Example:  homeport doctor --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--inside", metavar="URL", default="", help="Where the web server itself answers, if not here.")
def doctor(inside: str, *, as_json: bool) -> int:
    """Attack the site from outside and inside; say what is wrong, why it matters, and what to do.

    Exit code 0 when all is well, 1 with a finding. What cannot be looked at from here is said, and neither.
    """
    installation = current()
    results: list[Result] = []
    with _database_of(installation) as uri:
        for result in examine(_patient(installation, inside, uri)):
            results.append(result)
            if not as_json:
                _say(result)
    if as_json:
        click.echo(json.dumps(_for_machines(results), ensure_ascii=False, indent=2))
    else:
        _conclude(results)
    return FOUND if any(result.findings for result in results) else 0


def _patient(installation: Installation, inside: str, database_uri: str) -> Patient:
    environment = installation.environment
    from_outside = _outside_view(environment)
    outside = _outside(installation.settings.site_url or _stored_address(database_uri), from_outside)
    return Patient(
        settings=installation.settings,
        inside=View.of(inside) if inside else _own_view(installation, has_other=outside is not None),
        outside=outside,
        database_uri=database_uri,
        newest_schema=HEAD,
        aliases=_words(environment.get("EDGE_ALIASES", "")),
        from_outside=from_outside,
        edge_status=(lambda: _edge_status(environment)) if environment.get("EDGE_PASSWORD_FILE") else None,
    )


def _own_view(installation: Installation, *, has_other: bool) -> View | None:
    """Return the web server of this machine; where there is none, as beside the proxy, another way has to do."""
    view = View.of(_own_address(installation))
    place = (view.name, view.port)
    return view if not has_other or probe.ask(place, "/healthz", seconds=ANSWER_SECONDS) is not None else None


def _own_address(installation: Installation) -> str:
    tenant = find_tenant(installation.folder)
    if tenant is not None and tenant.purpose == SITE:
        # Both loopback addresses are listened at, but a browser's first choice need not be ours.
        return LOOPBACK_URL.format(port=urlsplit(tenant.address).port)
    return LOOPBACK_URL.format(port=installation.settings.server.port)


def _outside(url: str, view: OutsideView) -> View | None:
    name = urlsplit(url).hostname or ""
    if not name or is_loopback(name):
        return None
    port = view.https_port if url.startswith("https://") else view.http_port
    return View.of(url, address=view.address, port=0 if urlsplit(url).port else port)


def _outside_view(environment: dict[str, str]) -> OutsideView:
    authorities = environment.get("EDGE_AUTHORITIES_FILE", "").strip()
    return OutsideView(
        address=environment.get("EDGE_OUTSIDE_ADDRESS", "").strip(),
        http_port=int(environment.get("EDGE_OUTSIDE_HTTP_PORT", "").strip() or 80),
        https_port=int(environment.get("EDGE_OUTSIDE_HTTPS_PORT", "").strip() or 443),
        authorities_file=Path(authorities) if authorities else None,
    )


@contextmanager
def _database_of(installation: Installation) -> Iterator[str]:
    """Yield the database's address, nothing when the site brings its own and does not run: none is started to look."""
    uri = installation.settings.db.uri
    if uri or not _runs(installation.folder):
        yield uri
        return
    try:
        with running(installation.folder.root) as own:
            yield own
    except UnavailableError:
        yield ""


def _runs(folder: DataFolder) -> bool:
    tenant = find_tenant(folder)
    return tenant is not None and tenant.purpose == SITE


def _stored_address(database_uri: str) -> str:
    """Return the address that the setup page has stored; none while the database cannot be asked."""
    if not database_uri:
        return ""
    try:
        with asking(database_uri, seconds=DATABASE_SECONDS) as database:
            return str(database.one(ADDRESS)[0])
    except DatabaseSilentError:
        return ""


def _edge_status(environment: dict[str, str]) -> EdgeStatus:
    reconciler = Reconciler.of(read_declaration(environment))
    planned = reconciler.plan()
    return status_of(planned, reconciler.faults(planned), reconciler.now())


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _say(result: Result) -> None:
    for finding in result.findings:
        click.echo(as_typed(f"wrong: {finding.what}\n    why: {finding.why}\n    do:  {finding.remedy}"))
    if result.not_applicable:
        click.echo(f"not looked at: {result.check} - {result.not_applicable}")


def _conclude(results: list[Result]) -> None:
    passed = [result.check for result in results if result.has_passed]
    click.echo(f"sound: {', '.join(passed) or 'nothing'}")


def _for_machines(results: list[Result]) -> dict[str, Any]:
    return {
        "findings": [
            {"check": result.check, **dataclasses.asdict(finding)} for result in results for finding in result.findings
        ],
        "not_applicable": {result.check: result.not_applicable for result in results if result.not_applicable},
        "sound": [result.check for result in results if result.has_passed],
    }
