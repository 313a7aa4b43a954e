"""A sound site for the doctor's tests; each of them makes one thing of it unsound."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from homeport.db.session import Database
from homeport.ops.doctor import ports
from tests.factories.mail import a_mail_server
from tests.ops.doctor.world import Servers, World, a_world, serving_site


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, database: Database, database_uri: str) -> Iterator[Servers]:
    """The servers of a whole site."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with serving_site(tmp_path_factory.mktemp("doctor"), database, database_uri) as servers:
        yield servers


@pytest.fixture
def world(
    tmp_path: Path, servers: Servers, database: Database, database_uri: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The whole site, with a mail server, and with every check applicable."""
    for name in ("POSTGRES", "ADMINISTRATION"):
        monkeypatch.setattr(ports, name, closed_port())
    world = a_world(tmp_path, servers, database_uri)
    with a_mail_server() as mail:
        world.change(settings=world.patient.settings.replace(mail=mail.settings))
        world.set("server", port=closed_port())
        world.change(may_be_asked_by_all=lambda _: True)
        yield world
    with database.engine.begin() as connection:
        connection.execute(text("delete from job"))


def closed_port() -> int:
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
