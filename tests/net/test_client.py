import gzip
import socket
from typing import Any

import pytest

from homeport.net.client import Fetched, fetch, send
from homeport.net.errors import (
    AddressRefusedError,
    AnswerTooLargeError,
    FetchTimeoutError,
    HostUnavailableError,
    UrlRefusedError,
)
from tests.factories.servers import answer, drip, loopback_only, raw_server


def ask(url: str, *, max_bytes: int = 100_000, **options: Any) -> Fetched:
    return fetch(url, max_bytes=max_bytes, is_allowed=loopback_only, **options)


class TestAnswers:
    def test_an_answer_comes_with_its_status_type_and_bytes(self) -> None:
        with raw_server(answer(b"pixels", "200 OK", "Content-Type: image/png")) as server:
            found = ask(server.url("/a.png"))
        assert found == Fetched(server.url("/a.png"), 200, "image/png", b"pixels")

    def test_a_refusal_of_the_other_side_is_an_answer(self) -> None:
        with raw_server(answer(b"no", "404 Not Found")) as server:
            assert ask(server.url()).status == 404

    def test_it_says_who_asks_and_gives_nothing_else_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        with raw_server(answer(b"", "200 OK", "Set-Cookie: a=1")) as server:
            ask(server.url("/x y?q=ü&r=%20#part"), accept="image/*")
            ask(server.url())
        request, again = server.heard
        assert request.startswith(b"GET /x%20y?q=%C3%BC&r=%20 HTTP/1.1\r\n")
        assert b"\r\nUser-Agent: Homeport/" in request
        assert b"\r\nAccept: image/*\r\n" in request
        assert b"Cookie" not in again

    def test_packed_bytes_are_unpacked(self) -> None:
        with raw_server(answer(gzip.compress(b"text"), "200 OK", "Content-Encoding: gzip")) as server:
            assert ask(server.url()).data == b"text"


class TestRedirects:
    def test_a_redirect_is_followed_and_the_last_address_is_told(self) -> None:
        with raw_server(answer(b"", "302 Found", "Location: /b?c=d"), answer(b"here")) as server:
            found = ask(server.url("/a"))
        assert (found.url, found.data) == (server.url("/b?c=d"), b"here")

    def test_a_circle_ends(self) -> None:
        with (
            raw_server(answer(b"", "301 Moved", "Location: /again")) as server,
            pytest.raises(HostUnavailableError, match="more than 5 times"),
        ):
            ask(server.url())
        assert len(server.heard) == 6

    def test_a_redirect_into_the_private_network_is_refused(self) -> None:
        with (
            raw_server(answer(b"", "302 Found", "Location: http://169.254.169.254/latest/meta-data/")) as server,
            pytest.raises(AddressRefusedError, match=r"169\.254\.169\.254"),
        ):
            ask(server.url())

    @pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"])
    def test_a_redirect_to_something_else_than_the_web_is_refused(self, location: str) -> None:
        with (
            raw_server(answer(b"", "302 Found", f"Location: {location}")) as server,
            pytest.raises(UrlRefusedError),
        ):
            ask(server.url())


class TestGuard:
    @pytest.mark.parametrize(
        "url",
        [
            *("", "x", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "http://", "http:///x"),
            *("http://[::1", "http://a:99999/", "https://\udcff/", "http://user:pass@example.org/"),
            "http://" + "a" * 70 + ".example/",
        ],
    )
    def test_what_is_no_plain_web_address_is_refused(self, url: str) -> None:
        with pytest.raises(UrlRefusedError):
            ask(url)

    @pytest.mark.parametrize("url", ["http://localhost/", "http://127.0.0.1:80/", "http://[::1]/", "https://0x7f.1/"])
    def test_this_machine_is_not_asked(self, url: str) -> None:
        with pytest.raises((AddressRefusedError, HostUnavailableError)):
            fetch(url, max_bytes=10)

    def test_the_name_is_looked_up_once_and_stays_in_the_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []
        real = socket.getaddrinfo

        def changing(host: str, port: int, *args: Any, **options: Any) -> Any:
            if host != "rebind.example":
                return real(host, port, *args, **options)
            asked.append(host)
            return real("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port, *args, **options)

        monkeypatch.setattr(socket, "getaddrinfo", changing)
        with raw_server(answer(b"ok")) as server:
            assert ask(server.url(host="rebind.example")).data == b"ok"
        assert asked == ["rebind.example"]
        assert f"\r\nHost: rebind.example:{server.port}\r\n".encode() in server.heard[0]

    def test_tls_names_the_host_and_wants_a_certificate(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **kw: real("127.0.0.1", *rest, **kw))
        with (
            raw_server(b"this is not TLS") as server,
            pytest.raises(HostUnavailableError, match=r"secure\.example cannot be asked"),
        ):
            ask(f"https://secure.example:{server.port}/")
        assert b"secure.example" in server.heard[0]

    def test_a_second_address_is_tried_when_the_first_is_dead(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with raw_server(answer(b"ok")) as server:
            place = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
            both = [(*place, ("127.0.0.9", server.port)), (*place, ("127.0.0.1", server.port))]
            real = socket.getaddrinfo
            monkeypatch.setattr(
                socket, "getaddrinfo", lambda h, *r, **k: both if h == "two.example" else real(h, *r, **k)
            )
            assert ask(server.url(host="two.example")).data == b"ok"


class TestLimits:
    def test_an_announced_length_over_the_limit_is_not_read(self) -> None:
        with raw_server(answer(b"x" * 2000)) as server, pytest.raises(AnswerTooLargeError, match="more than 1,000"):
            ask(server.url(), max_bytes=1000)

    def test_an_unannounced_length_is_cut_off(self) -> None:
        endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 5000
        with raw_server(endless) as server, pytest.raises(AnswerTooLargeError):
            ask(server.url(), max_bytes=1000)

    def test_few_bytes_that_unpack_to_many_are_refused(self) -> None:
        bomb = gzip.compress(bytes(50_000_000))
        assert len(bomb) < 60_000
        with (
            raw_server(answer(bomb, "200 OK", "Content-Encoding: gzip")) as server,
            pytest.raises(AnswerTooLargeError),
        ):
            ask(server.url(), max_bytes=100_000)

    @pytest.mark.parametrize(
        "beginning",
        [
            b"",
            b"HTTP/1.1 200 OK\r\nX-Header: ",
            b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n\r\n",
        ],
    )
    def test_a_server_that_drips_is_left_when_the_time_is_up(self, beginning: bytes) -> None:
        with (
            raw_server(drip(beginning, seconds=10)) as server,
            pytest.raises(FetchTimeoutError, match=r"took longer than 0\.3 seconds"),
        ):
            ask(server.url(), timeout_seconds=0.3)

    def test_a_server_that_drips_its_tls_is_left_too(self) -> None:
        greeting = b"\x16\x03\x03\x40\x00"
        with raw_server(drip(greeting, seconds=10)) as server, pytest.raises(FetchTimeoutError):
            ask(f"https://127.0.0.1:{server.port}/", timeout_seconds=0.3)

    @pytest.mark.parametrize(
        "nonsense",
        [
            b"",
            b"SSH-2.0-OpenSSH_9.9\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Encoding: gzip\r\n\r\nabcd",
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        ],
    )
    def test_an_answer_that_makes_no_sense_is_an_error_of_ours(self, nonsense: bytes) -> None:
        with raw_server(nonsense) as server, pytest.raises(HostUnavailableError, match="cannot be asked"):
            ask(server.url())

    def test_a_closed_port_is_an_error_of_ours(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        with pytest.raises(HostUnavailableError):
            ask(f"http://127.0.0.1:{port}/")


class TestSend:
    def send(self, *answers, **given):
        values = {"headers": {"X-One": "1"}, "body": b"words", "max_bytes": 100, "timeout_seconds": 5}
        with raw_server(*answers) as server:
            answered = send("PUT", server.url("/a b?c=d"), is_allowed=loopback_only, **{**values, **given})
            return answered, server.heard

    def test_everything_goes_out_and_the_answer_comes_back(self):
        answered, heard = self.send(answer(b"done", "201 Created", 'ETag: "7"'))
        assert (answered.status, answered.data, answered.headers["ETag"]) == (201, b"done", '"7"')
        assert heard[0].startswith(b"PUT /a%20b?c=d HTTP/1.1\r\n")
        assert b"X-One: 1\r\n" in heard[0]

    def test_a_redirect_is_an_answer_and_nothing_is_sent_on(self):
        answered, heard = self.send(answer(b"", "307 On", "Location: http://127.0.0.1:1/"))
        assert (answered.status, len(heard)) == (307, 1)

    def test_an_answer_without_end_is_cut(self):
        with pytest.raises(AnswerTooLargeError):
            self.send(answer(b"x" * 101))
