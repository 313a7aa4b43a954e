"""How Gunicorn runs the site, as plain values; nothing here loads the web application."""

import logging
import os
from typing import Any

from homeport.settings import Settings

WORKER = "homeport.cache.worker.PatientWorker"
STOCK_WORKER = "gthread"
TESTED = "27.0."
"""Releases of Gunicorn that our worker was tested with; it builds on what Gunicorn promises to nobody."""

MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - Linux's memory file system; Gunicorn makes an unnamed private file there

WORKER_TIMEOUT_SECONDS = 30
GRACEFUL_SECONDS = 30

log = logging.getLogger("homeport.webserver")


def worker_class(wanted: str, *, release: str = "") -> str:
    """Return the worker that is wanted, or Gunicorn's own where ours was not tried with its release."""
    if wanted == STOCK_WORKER:
        return STOCK_WORKER
    release = release or _release()
    if not release.startswith(TESTED):
        log.warning("the worker was not tested with Gunicorn %s; Gunicorn's own is used, which is slower", release)
        return STOCK_WORKER
    return WORKER


def _release() -> str:
    # Commands read other values of this module, and do not wait for Gunicorn.
    import gunicorn  # noqa: PLC0415 - see above

    return str(gunicorn.__version__)


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    """Return Gunicorn's settings by their own names."""
    return {
        "worker_class": worker_class(settings.server.worker),
        "workers": settings.server.workers,
        "threads": settings.server.threads,
        "worker_connections": 1000,
        # Imported once, in the master: workers share its memory and start in no time.
        "preload_app": True,
        "timeout": WORKER_TIMEOUT_SECONDS,
        "graceful_timeout": GRACEFUL_SECONDS,
        "keepalive": 5,
        # Against slow leaks only; the jitter keeps the workers from being replaced at the same moment.
        "max_requests": 10_000,
        "max_requests_jitter": 1_000,
        "limit_request_line": 8190,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        # A heartbeat on a disk stalls when the disk does, and Gunicorn would then kill a healthy worker.
        "worker_tmp_dir": MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None,
        "control_socket_disable": True,
        # Forwarded headers are judged in one place, by the application, from TRUSTED_PROXIES.
        "forwarded_allow_ips": "",
        "accesslog": None,
        # Gunicorn's chatter is for its developers; what people need is a warning or worse.
        "loglevel": "debug" if settings.logs.level == "debug" else "warning",
        "proc_name": "homeport",
    }
