"""Who uses the data folder right now: one process at a time, and everyone else is told which."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from homeport.errors import ConflictError
from homeport.ops import files
from homeport.ops.folder import DataFolder
from homeport.ops.process import ProcessId

SITE = "site"
COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Tenant:
    """The process that holds the data folder, and how to reach what it runs."""

    process: ProcessId
    purpose: str
    address: str = ""
    web_server: ProcessId | None = None

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        values = json.loads(text)
        server = values["web_server"]
        return cls(
            ProcessId(**values["process"]),
            values["purpose"],
            values["address"],
            ProcessId(**server) if server else None,
        )

    def to_json(self) -> str:
        """Return one line that `from_json` understands."""
        return json.dumps(asdict(self))


class OccupiedError(ConflictError):
    """Another process holds the data folder."""

    def __init__(self, folder: DataFolder, tenant: Tenant | None) -> None:
        self.tenant = tenant
        if tenant is None:
            super().__init__(f"another process is starting in {folder.root}", hint="Wait a moment and try again.")
        elif tenant.purpose == SITE:
            where = f" at {tenant.address}" if tenant.address else ""
            super().__init__(
                f"the site already runs in {folder.root}: process {tenant.process.number}{where}",
                hint="End it with `homeport down`, or give this one a folder of its own with --data.",
            )
        else:
            super().__init__(
                f"a command uses the database in {folder.root}: process {tenant.process.number}",
                hint="Wait until it has finished.",
            )


class Tenancy:
    """The right to use the data folder, held until `occupy` ends."""

    def __init__(self, folder: DataFolder, tenant: Tenant, predecessor: Tenant | None) -> None:
        self.folder = folder
        self.tenant = tenant
        self.predecessor = predecessor

    def announce(self, *, address: str | None = None, web_server: ProcessId | None = None) -> None:
        """Tell others the address of the site, and the next tenant what may be left of its web server."""
        self.tenant = replace(
            self.tenant,
            address=self.tenant.address if address is None else address,
            web_server=web_server or self.tenant.web_server,
        )
        _write(self.folder, self.tenant)


@contextmanager
def occupy(folder: DataFolder, purpose: str) -> Iterator[Tenancy]:
    """Hold the data folder; raises OccupiedError at once when somebody else does.

    The lock belongs to the process, so that nothing is left to clean up after a kill.
    """
    folder.prepare()
    descriptor = os.open(folder.run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OccupiedError(folder, find_tenant(folder)) from None
        me = ProcessId.of(os.getpid())
        assert me is not None
        tenancy = Tenancy(folder, Tenant(me, purpose), _read(folder))
        tenancy.announce()
        try:
            yield tenancy
        finally:
            files.remove(_record(folder))
    finally:
        os.close(descriptor)


def find_tenant(folder: DataFolder) -> Tenant | None:
    """Return who holds the data folder; None when nobody does, or when it has not said so yet."""
    tenant = _read(folder)
    return tenant if tenant is not None and tenant.process.is_alive() else None


def _record(folder: DataFolder) -> Path:
    return folder.run / "tenant.json"


def _write(folder: DataFolder, tenant: Tenant) -> None:
    files.write_atomically(_record(folder), tenant.to_json())


def _read(folder: DataFolder) -> Tenant | None:
    try:
        return Tenant.from_json(_record(folder).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        # No record, or one that another release wrote in its own form.
        return None
