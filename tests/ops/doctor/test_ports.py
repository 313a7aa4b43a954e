"""Ports that the whole internet reaches are found, each for what it is."""

import socket

import pytest

from homeport.ops.doctor import ports
from homeport.ops.doctor.findings import NotApplicableError


@pytest.fixture
def open_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_an_open_database_is_found(world, open_port, monkeypatch):
    monkeypatch.setattr(ports, "POSTGRES", open_port)
    [finding] = world.look("reachable ports")
    assert finding.what == f"the database can be reached from outside, at 127.0.0.1 port {open_port}"
    assert f"127.0.0.1:{open_port}:{open_port}" in finding.remedy


def test_an_open_administration_is_found(world, open_port, monkeypatch):
    monkeypatch.setattr(ports, "ADMINISTRATION", open_port)
    assert "the proxy's administration" in world.look("reachable ports")[0].what


def test_an_open_web_server_is_found(world, open_port):
    world.set("server", port=open_port)
    assert "the web server" in world.look("reachable ports")[0].what


def test_open_metrics_are_found(world, open_port):
    world.set("server", metrics_port=open_port)
    assert "the metrics" in world.look("reachable ports")[0].what


def test_the_port_that_readers_come_to_may_be_open(world):
    world.set("server", port=world.patient.outside.port)
    assert world.look("reachable ports") == []


def test_a_name_without_public_address_cannot_be_tried(world, open_port):
    world.set("server", port=open_port)
    world.change(may_be_asked_by_all=lambda _: False)
    with pytest.raises(NotApplicableError):
        world.look("reachable ports")
