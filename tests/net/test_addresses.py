import socket
import threading
from ipaddress import ip_address
from typing import Any

import pytest

from homeport.net.addresses import is_public, resolve
from homeport.net.errors import AddressRefusedError, FetchTimeoutError, HostUnavailableError
from tests.factories.servers import loopback_only


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.251",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_of_the_public_internet_is_refused(text: str) -> None:
    assert not is_public(ip_address(text), 443)


@pytest.mark.parametrize("text", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "2a00::1"])
def test_a_public_address_is_allowed(text: str) -> None:
    assert is_public(ip_address(text), 443)
    assert is_public(ip_address(text), 80)


@pytest.mark.parametrize("port", [0, 22, 25, 5432, 8080, 65535])
def test_other_ports_are_refused(port: int) -> None:
    assert not is_public(ip_address("8.8.8.8"), port)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "017700000001", "[::1]", "::1"])
def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    with pytest.raises((AddressRefusedError, HostUnavailableError)):
        resolve(host.strip("[]"), 80)


def answers(*addresses: str) -> Any:
    return lambda *_args, **_options: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 80)) for a in addresses]


def test_only_the_allowed_addresses_of_a_name_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("10.0.0.1", "8.8.8.8", "8.8.8.8"))
    assert resolve("mixed.example", 80) == ("8.8.8.8",)


def test_a_name_that_leads_nowhere_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_options: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(HostUnavailableError, match=r"there is no host nowhere\.example"):
        resolve("nowhere.example", 80)


def test_a_name_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: gate.wait(5) and [])
    with pytest.raises(FetchTimeoutError, match="not resolved in time"):
        resolve("slow.example", 80, timeout_seconds=0.05)
    gate.set()


def test_a_guard_of_ones_own_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1"))
    assert resolve("here.example", 5000, is_allowed=loopback_only) == ("127.0.0.1",)
