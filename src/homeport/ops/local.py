"""The site on a machine of its author: everything in one data folder, reachable from this machine only."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack

from homeport.ops.folder import DataFolder
from homeport.ops.listening import listen_on_loopback, port_of
from homeport.ops.postgres.server import Server
from homeport.ops.secret_key import ensure_secret_key
from homeport.ops.site import end_leftovers, run_site
from homeport.ops.tenancy import SITE, occupy

# The kernel may need a moment to close the sockets of processes that were killed.
PORT_SECONDS = 5.0


def run_local_site(
    folder: DataFolder,
    environment: Mapping[str, str],
    *,
    port: int,
    may_move: bool,
    on_ready: Callable[[str], None],
) -> None:
    """Run the site until told to stop; `on_ready` gets its address.

    Without DB_URI in the environment it brings its own PostgreSQL; without FLASK_KEY it makes a key and keeps it.
    """
    with ExitStack() as stack:
        tenancy = stack.enter_context(occupy(folder, SITE))
        had_leftovers = end_leftovers(tenancy)
        patience_seconds = PORT_SECONDS if had_leftovers else 0.0
        listeners = listen_on_loopback(port, may_move=may_move, patience_seconds=patience_seconds)
        for listener in listeners:
            stack.enter_context(listener)
        address = f"http://localhost:{port_of(listeners)}/"
        tenancy.announce(address=address)
        database = None if _names(environment, "DB_URI") else Server(folder)
        run_site(
            listeners,
            _complete(environment, folder, port_of(listeners), database),
            tenancy=tenancy,
            database=database,
            on_ready=lambda: on_ready(address),
        )


def _complete(environment: Mapping[str, str], folder: DataFolder, port: int, database: Server | None) -> dict[str, str]:
    """Return the environment of the web server."""
    complete = {**environment, "DATA_DIR": str(folder.root), "PORT": str(port)}
    if database is not None:
        complete["DB_URI"] = database.uri
    if not _names(environment, "FLASK_KEY"):
        complete["FLASK_KEY_FILE"] = str(ensure_secret_key(folder))
    return complete


def _names(environment: Mapping[str, str], secret: str) -> bool:
    return bool(environment.get(secret, "").strip() or environment.get(f"{secret}_FILE", "").strip())
