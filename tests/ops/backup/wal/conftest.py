"""A server whose log can be received, as in the compose file."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from homeport.ops.backup import databases
from homeport.ops.backup.keys import Keys
from homeport.ops.backup.wal.folder import LogFolder
from homeport.ops.backup.wal.shipping import Shipper
from homeport.ops.folder import DataFolder
from homeport.ops.postgres import server as server_module
from homeport.ops.postgres.server import Server


@dataclass(frozen=True)
class Logged:
    """A running server, and whoever looks after its log."""

    server: Server
    folder: LogFolder
    keys: Keys

    def shipper(self, bucket=None) -> Shipper:
        return Shipper(self.server.uri, self.folder, self.keys, bucket)

    def do(self, statement: str, *, user: str = "homeport") -> None:
        uri = self.server.uri.replace("://homeport@", f"://{user}@")
        with databases.connected(uri) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement)

    def switch(self) -> None:
        """Begin a new piece, as the server does by itself every minute."""
        self.do("select pg_switch_wal()", user="postgres")


@pytest.fixture
def start_server(tmp_path, monkeypatch):
    monkeypatch.setitem(server_module._OPTIONS, "archive_timeout", "60s")

    def start(name: str) -> Server:
        folder = DataFolder(tmp_path / name)
        folder.prepare()
        server = Server(folder)
        server.start()
        return server

    return start


@pytest.fixture
def logged(start_server, tmp_path) -> Iterator[Logged]:
    server = start_server("first")
    logged = Logged(server, LogFolder(tmp_path / "backups" / "wal"), Keys(tmp_path / "secrets"))
    logged.do("alter role homeport replication", user="postgres")
    try:
        yield logged
    finally:
        server.stop()
