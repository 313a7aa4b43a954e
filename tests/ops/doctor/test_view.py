"""How the doctor asks: whatever certificate is served, bounded, with the headers it was told."""

import pytest

from homeport.ops.doctor.view import NoAnswerError, View
from tests.factories.servers import answer, raw_server
from tests.ops.doctor.conftest import closed_port


def test_an_answer_is_read_as_it_came():
    with raw_server(answer(b"\x1f\x8b", "200 OK", "Set-Cookie: a=1", "Set-Cookie: b=2")) as server:
        reply = View.of(server.url()).ask("/x", {"Accept-Encoding": "gzip", "X-Real-IP": "1.2.3.4"})
    assert (reply.status, reply.body) == (200, b"\x1f\x8b")
    assert reply.all("set-cookie") == ("a=1", "b=2")
    assert reply.header("Set-Cookie") == "a=1, b=2"
    assert reply.header("ETag") == ""
    heard = server.heard[0].decode()
    assert heard.startswith("GET /x HTTP/1.1\r\nHost: 127.0.0.1:")
    assert "X-Real-IP: 1.2.3.4\r\n" in heard


def test_the_host_can_be_forged():
    with raw_server(answer()) as server:
        View.of(server.url()).ask("/", {"Host": "forged.invalid"})
    assert server.heard[0].count(b"Host:") == 1
    assert b"Host: forged.invalid\r\n" in server.heard[0]


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n"])
def test_what_is_no_answer_is_told_as_such(said):
    with raw_server(said) as server, pytest.raises(NoAnswerError, match="does not answer"):
        View.of(server.url()).ask("/")
    with pytest.raises(NoAnswerError, match="connection refused"):
        View.of(f"http://127.0.0.1:{closed_port()}").ask("/")


@pytest.mark.parametrize(
    ("view", "where"),
    [
        (View.of("https://example.org"), "https://example.org"),
        (View.of("https://example.org:8443"), "https://example.org:8443"),
        (View.of("http://example.org", port=8080), "http://example.org:8080"),
        (View.of("http://[::1]:5000"), "http://[::1]:5000"),
    ],
)
def test_a_view_is_called_by_its_address(view, where):
    assert view.where == where
