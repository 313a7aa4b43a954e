import socket
import threading

import pytest

from homeport.ops import probe


@pytest.fixture
def answering():
    """Answer one connection with the given bytes, then say nothing more."""
    servers = []

    def serve(answer: bytes | None):
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def run():
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                if answer is None:
                    connection.recv(1000)
                else:
                    connection.sendall(answer)

        threading.Thread(target=run, daemon=True).start()
        return server.getsockname()

    yield serve
    for server in servers:
        server.close()


def test_an_answer_is_a_status_and_a_body(answering):
    answer = probe.ask(answering(b'HTTP/1.1 200 OK\r\nA: b\r\n\r\n{"database": "up"}'), "/readyz", seconds=5)
    assert answer is not None
    assert answer.status == 200
    assert answer.says_database_is_up()


@pytest.mark.parametrize("body", [b'{"database": "away"}', b"[]", b"up", b""])
def test_any_other_body_does_not_say_that_the_database_is_up(body):
    assert not probe.Answer(200, body).says_database_is_up()


def test_a_site_that_says_nothing_has_not_answered(answering):
    assert probe.ask(answering(None), "/healthz", seconds=0.1) is None


def test_what_is_not_http_is_no_answer(answering):
    assert probe.ask(answering(b"220 mail.example.org ESMTP\r\n"), "/healthz", seconds=5) is None


def test_where_nobody_listens_there_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
    assert probe.ask(address, "/healthz", seconds=5) is None
