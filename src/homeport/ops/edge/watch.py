"""The reconciler that never ends: applies at start, looks again every hour, and keeps its failures to itself."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from homeport.errors import HomeportError
from homeport.ops.edge.errors import CertificateLimitError
from homeport.ops.edge.reconciler import Plan, Reconciler
from homeport.ops.edge.status import status_of

Note = Callable[[Mapping[str, Any]], None]

INTERVAL_SECONDS = 3600.0
# What fails at start is mostly something that is still starting; later on an hour is soon enough.
FIRST_PAUSES_SECONDS = (15.0, 60.0, 300.0)

log = logging.getLogger("homeport.edge")


def watch(
    make: Callable[[], Reconciler],
    stop: threading.Event,
    *,
    interval_seconds: float = INTERVAL_SECONDS,
    note: Note = lambda _facts: None,
) -> None:
    """Apply now, and again and again until told to stop; nothing that goes wrong ends it.

    `note` gets what each look came to, for those who cannot ask the proxy themselves.
    """
    pauses = list(FIRST_PAUSES_SECONDS)
    limited_until: datetime | None = None
    while not stop.is_set():
        is_fine, limited_until = _apply_once(make, limited_until, note)
        if is_fine:
            pauses.clear()
        pause = pauses.pop(0) if pauses else interval_seconds
        stop.wait(min(pause, interval_seconds))


def _apply_once(
    make: Callable[[], Reconciler], limited_until: datetime | None, note: Note
) -> tuple[bool, datetime | None]:
    """Apply once; say whether all is well, and until when the authority is not to be asked."""
    try:
        reconciler = make()
        may_ask = limited_until is None or reconciler.now() >= limited_until
        reconciler.wait_for_proxy()
        plan = reconciler.apply(lambda step: log.info("%s", step), may_ask_authority=may_ask)
        note(_facts(plan, reconciler))
    except CertificateLimitError as error:
        _tell(error, note)
        return False, error.until
    except HomeportError as error:
        _tell(error, note)
        return False, limited_until
    except Exception:
        log.exception("the edge could not be brought to what is declared")
        return False, limited_until
    log.info("the edge is as declared", extra={"hosts": len(plan.wanted.hosts)})
    return True, None


def _facts(plan: Plan, reconciler: Reconciler) -> Mapping[str, Any]:
    status = status_of(plan, reconciler.faults(plan), reconciler.now())
    ends = [host.certificate_ends_at for host in status.hosts if host.is_declared and host.certificate_ends_at]
    return {
        "alarms": status.alarms,
        "drift": status.drift,
        "certificate_ends_at": min(ends).isoformat() if ends else None,
    }


def _tell(error: HomeportError, note: Note) -> None:
    log.error("%s", f"{error}. {error.hint}".strip() if error.hint else str(error))
    note({"error": str(error)})
