"""Requests over a real network, to proxies that are slow, endless, broken or somebody else."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from homeport.ops.edge import transport as transport_module
from homeport.ops.edge.errors import ProxyAwayError
from homeport.ops.edge.transport import HttpTransport
from tests.ops.edge.ways import served
from tests.ops.edge.world import World, declare

JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


@contextmanager
def answering(answer):
    """Yield the address of a server that lets `answer` do what it wants with one connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def ask(url, timeout_seconds=5.0):
    return HttpTransport(url).send("GET", "/", None, token="", timeout_seconds=timeout_seconds)


def test_a_request_goes_there_and_an_answer_comes_back(tmp_path):
    world = World.of(declare(tmp_path))
    with served(world.double) as url:
        assert ask(url).data["version"]["minor"] == 15
        body = {"identity": "x", "secret": "y"}
        reply = HttpTransport(url).send("POST", "/tokens", body, token="a", timeout_seconds=5)
    assert (reply.status, reply.data["error"]["message"]) == (400, "Invalid email or password")


def test_the_whole_way_works_over_http_as_well(tmp_path):
    world = World.of(declare(tmp_path))
    with served(world.double) as url:
        world.apply(HttpTransport(url))
        assert world.apply(HttpTransport(url)) == []


def test_a_proxy_that_is_not_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(
        ProxyAwayError, match=rf"does not answer at http://127\.0\.0\.1:{port} \(Connection refused\)"
    ) as away:
        ask(f"http://127.0.0.1:{port}")
    assert "port 80, 443 or 81" in away.value.hint


def test_a_proxy_that_never_answers_is_given_up():
    with answering(lambda _: time.sleep(0.5)) as url, pytest.raises(ProxyAwayError, match=r"not within 0\.2 seconds"):
        ask(url, 0.2)


def test_a_proxy_that_answers_a_byte_at_a_time_is_given_up():
    def drip(connection):
        connection.sendall(JSON)
        try:
            for _ in range(100):
                connection.sendall(b" ")
                time.sleep(0.02)
        except OSError:
            pass

    with answering(drip) as url, pytest.raises(ProxyAwayError, match=r"not within 0\.3 seconds"):
        ask(url, 0.3)


def test_an_answer_without_end_is_not_read(monkeypatch):
    monkeypatch.setattr(transport_module, "LONGEST_ANSWER_BYTES", 1000)
    with (
        answering(lambda it: it.sendall(JSON + b"1" * 2000)) as url,
        pytest.raises(ProxyAwayError, match="more than 1,000"),
    ):
        ask(url)


def test_another_program_in_its_place_is_told():
    page = JSON + b"<html>Apache works</html>"
    with (
        answering(lambda it: it.sendall(page)) as url,
        pytest.raises(ProxyAwayError, match="another program than Nginx"),
    ):
        ask(url)


def test_a_proxy_whose_program_is_still_starting_is_told_apart_from_another_program():
    page = JSON.replace(b"200 OK", b"502 Bad Gateway") + b"<html>502</html>"
    with (
        answering(lambda it: it.sendall(page)) as url,
        pytest.raises(ProxyAwayError, match="program behind it does not"),
    ):
        ask(url)


def test_a_connection_that_breaks_is_told():
    with answering(lambda _: None) as url, pytest.raises(ProxyAwayError, match="does not answer"):
        ask(url)
