"""What a slow client must not be able to do, tried against real workers."""

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from homeport.cache.ledger import Ledger
from homeport.cache.room import MOST_OUTGOING_BYTES
from homeport.cache.worker import PatientWorker
from homeport.ops.webservice import WebService
from tests.factories.sites import HELLO, connect, get, read_all, serving, workers_of

THREADS = 2
PAGE_BYTES = 9 * 1024 * 1024
# So many pages that nobody takes have room.
FITTING = MOST_OUTGOING_BYTES // PAGE_BYTES
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"

ECHO = """
    import os

    from homeport.cache import sockets, worker

    if "TRIED_SECONDS" in os.environ:
        worker.HEAD_SECONDS = sockets.STALL_SECONDS = float(os.environ["TRIED_SECONDS"])
        worker.DELIVERY_SECONDS = worker.LINGER_SECONDS = float(os.environ["TRIED_SECONDS"])

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/page":
            start_response("200 OK", [("Content-Length", str(9 * 1024 * 1024))])
            return [bytes(9 * 1024 * 1024)]
        if environ["PATH_INFO"] == "/unread":
            start_response("405 Method Not Allowed", [("Content-Length", "2")])
            return [b"no"]
        if environ["PATH_INFO"] == "/large":
            start_response("200 OK", [("Content-Length", str(64 * 1024 * 1024))])
            return [b"x" * (1024 * 1024)] * 64
        if environ["PATH_INFO"] == "/file":
            start_response("200 OK", [("Content-Length", str(os.path.getsize(os.environ["TRIED_FILE"])))])
            return environ["wsgi.file_wrapper"](open(os.environ["TRIED_FILE"], "rb"))
        body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]
    """

FEW = (
    """
    from homeport.cache import worker

    begin = worker.PatientWorker.init_process

    def init_process(self):
        self.max_requests = 5
        begin(self)

    worker.PatientWorker.init_process = init_process
    """
    + HELLO
)


@pytest.fixture(scope="module")
def echo(tmp_path_factory) -> Iterator[WebService]:
    folder = tmp_path_factory.mktemp("echo")
    (folder / "file").write_bytes(bytes(range(256)) * 4096 * 16)
    with serving(ECHO, folder, WEB_WORKERS="1", WEB_THREADS=str(THREADS), TRIED_FILE=str(folder / "file")) as web:
        yield web


@pytest.fixture(scope="module")
def hasty(tmp_path_factory) -> Iterator[WebService]:
    """The same with the times cut short."""
    with serving(ECHO, tmp_path_factory.mktemp("hasty"), WEB_WORKERS="1", WEB_THREADS="1", TRIED_SECONDS="0.5") as web:
        yield web


@contextmanager
def clients(web: WebService, count: int, *, sending: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(web)) for _ in range(count)]
        for client in opened:
            client.sendall(sending)
        yield opened


def assert_others_are_served(web: WebService, path: str = "/") -> None:
    began = time.monotonic()
    assert get(web, path).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < 5


def await_answers(stalled: list[socket.socket]) -> None:
    """Wait until all have got something, and until all have gone who have to make room."""
    for client in stalled:
        client.recv(1, socket.MSG_PEEK)
    time.sleep(1.5)


def was_reset(client: socket.socket) -> bool:
    try:
        read_all(client)
    except ConnectionResetError:
        return True
    return False


def asking_for(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


class TestSlowClientsBlockNobody:
    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"G",
            HEAD,
            HEAD + b"X-Long: ",
            b"\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345",
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
        ],
        ids=["nothing", "a letter", "half a head", "half a header", "empty lines", "half a body", "half a chunk"],
    )
    def test_who_sends_half_of_something_and_waits(self, echo, sent):
        with clients(echo, 4 * THREADS, sending=sent):
            time.sleep(0.2)
            assert_others_are_served(echo)

    @pytest.mark.parametrize("path", ["/large", "/file"])
    def test_who_does_not_read_the_answer(self, echo, path):
        with clients(echo, 4 * THREADS, sending=asking_for(path)):
            time.sleep(0.2)
            assert_others_are_served(echo)

    def test_who_does_not_close_after_the_answer(self, echo):
        with clients(echo, 4, sending=HEAD + b"Connection: close\r\n\r\n") as lingering:
            assert all(client.recv(12) == b"HTTP/1.1 200" for client in lingering)
            began = time.monotonic()
            assert get(echo).startswith(b"HTTP/1.1 200")
            assert time.monotonic() - began < 1.5


class TestManySlowClientsBlockNobody:
    """More of them than any number of threads could wait for."""

    @pytest.mark.parametrize("path", ["/", "/unread"])
    @pytest.mark.parametrize("framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
    def test_who_sends_half_a_body(self, echo, path, framing):
        sent = b"POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n5\r\nab" % (path.encode(), framing)
        with clients(echo, 200, sending=sent):
            time.sleep(0.2)
            assert_others_are_served(echo)
            assert_others_are_served(echo, "/healthz")

    @pytest.mark.parametrize("path", ["/page", "/file"])
    def test_who_does_not_read_the_answer(self, echo, path):
        with clients(echo, 100, sending=asking_for(path)):
            time.sleep(0.2)
            assert_others_are_served(echo)
            assert len(get(echo, "/page")) > PAGE_BYTES

    def test_who_sends_a_head_byte_by_byte_among_many_who_do(self, echo):
        head = HEAD + b"Connection: close\r\n\r\n"
        with clients(echo, 200, sending=b"") as trickling:
            for number in range(len(head)):
                for client in trickling:
                    client.sendall(head[number : number + 1])
            assert all(read_all(client).startswith(b"HTTP/1.1 200") for client in trickling)

    def test_who_only_connects_makes_room_for_who_asks(self, echo):
        with clients(echo, 1100, sending=b""):
            assert_others_are_served(echo)

    def test_they_cannot_fill_the_memory_the_stalest_of_them_have_to_go(self, echo):
        with clients(echo, 40, sending=asking_for("/page")) as stalled:
            await_answers(stalled)
            assert len(get(echo, "/page")) > PAGE_BYTES
            kept = [client for client in stalled if not was_reset(client)]
        assert FITTING - 1 <= len(kept) <= FITTING

    def test_those_who_have_left_push_nobody_out(self, echo):
        with clients(echo, 3, sending=asking_for("/page")) as stalled:
            await_answers(stalled)
            for _ in range(100):
                with connect(echo) as leaving:
                    leaving.sendall(asking_for("/page"))
            assert len(get(echo, "/page")) > PAGE_BYTES
            assert not any(was_reset(client) for client in stalled)


class TestFloods:
    def test_who_comes_last_is_answered_first(self, tmp_path):
        slow = """
            import time

            def app(environ, start_response):
                time.sleep(0.2)
                start_response("200 OK", [("Content-Length", "2")])
                return [b"ok"]
            """
        with serving(slow, tmp_path, WEB_WORKERS="1", WEB_THREADS="1") as web:
            with clients(web, 40, sending=asking_for("/")):
                time.sleep(0.2)
                assert get(web, seconds=4).endswith(b"ok")
            web.kill()


class TestProbes:
    BUSY = """
        import time

        from homeport.cache import worker

        worker.HANG_SECONDS = {hang_seconds}

        def app(environ, start_response):
            if environ["PATH_INFO"] == "/slow":
                time.sleep(5)
            start_response("200 OK", [("Content-Length", "2")])
            return [b"ok"]
        """

    def test_who_only_asks_for_life_does_not_wait_for_those_at_work(self, tmp_path):
        busy = self.BUSY.format(hang_seconds=60)
        with serving(busy, tmp_path, WEB_WORKERS="1", WEB_THREADS="1") as web:
            with clients(web, 4, sending=asking_for("/slow")):
                time.sleep(0.2)
                assert get(web, "/healthz", seconds=2).endswith(b"ok")
            web.kill()

    def test_a_worker_in_which_nothing_moves_is_not_alive(self, tmp_path):
        busy = self.BUSY.format(hang_seconds=0.5)
        with serving(busy, tmp_path, WEB_WORKERS="1", WEB_THREADS="1") as web:
            with clients(web, 1, sending=asking_for("/slow")):
                time.sleep(0.2)
                assert get(web, "/healthz").endswith(b"ok")
                time.sleep(0.5)
                assert get(web, "/healthz") == b""
            web.kill()


class TestRequestsArriveWhole:
    def test_byte_by_byte(self, echo):
        with connect(echo) as client:
            for byte in HEAD + b"Connection: close\r\n\r\n":
                client.sendall(bytes([byte]))
            assert read_all(client).startswith(b"HTTP/1.1 200")

    def test_several_at_once_are_answered_in_order(self, echo):
        requests = b"".join(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n%02d" % number for number in range(20)
        )
        with connect(echo) as client:
            client.sendall(requests + HEAD + b"Connection: close\r\n\r\n")
            answers = read_all(client)
        bodies = [answer[-2:] for answer in answers.split(b"HTTP/1.1 200 OK")[1:21]]
        assert bodies == [b"%02d" % number for number in range(20)]

    def test_the_next_one_may_come_in_two_pieces(self, echo):
        with connect(echo) as client:
            client.sendall(HEAD + b"\r\n" + HEAD)
            assert client.recv(12) == b"HTTP/1.1 200"
            client.sendall(b"Connection: close\r\n\r\n")
            assert read_all(client).count(b"HTTP/1.1 200") == 1

    def test_empty_lines_before_it_do_not_matter(self, echo):
        with connect(echo) as client:
            client.sendall(b"\r\n\r\n" + HEAD + b"Connection: close\r\n\r\n")
            assert read_all(client).startswith(b"HTTP/1.1 200")

    def test_a_body_longer_than_any_buffer(self, echo):
        body = bytes(range(256)) * 4096
        head = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        with connect(echo) as client:
            client.sendall(head + body)
            assert read_all(client).endswith(body)

    def test_a_body_that_nobody_reads_is_not_waited_for(self, echo):
        with connect(echo, seconds=2) as client:
            client.sendall(b"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nab")
            assert read_all(client).endswith(b"no")

    def test_a_body_that_nobody_reads_but_is_there_does_not_end_the_connection(self, echo):
        unread = b"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab"
        with connect(echo) as client:
            client.sendall(unread + HEAD + b"Connection: close\r\n\r\n")
            assert b"HTTP/1.1 200" in read_all(client)

    def test_a_client_that_waits_to_be_asked_for_the_body_is_asked(self, echo):
        with connect(echo) as client:
            client.sendall(
                HEAD.replace(b"GET", b"POST")
                + b"Connection: close\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            )
            assert b"100 Continue" in client.recv(100)
            client.sendall(b"ok")
            assert read_all(client).endswith(b"ok")


class TestAnswersArriveWhole:
    def test_a_file_read_slowly(self, echo):
        with connect(echo) as client:
            client.sendall(b"GET /file HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            received = bytearray()
            while part := client.recv(1024 * 1024):
                received += part
                time.sleep(0.005)
        assert received.endswith(bytes(range(256)) * 4096 * 16)

    def test_a_client_that_will_say_no_more_is_answered(self, echo):
        with connect(echo) as client:
            client.sendall(asking_for("/page"))
            client.shutdown(socket.SHUT_WR)
            assert len(read_all(client)) > PAGE_BYTES

    def test_a_client_that_will_say_no_more_is_answered_all_it_has_asked(self, echo):
        with connect(echo) as client:
            client.sendall((HEAD + b"\r\n") * 5)
            client.shutdown(socket.SHUT_WR)
            assert read_all(client).count(b"HTTP/1.1 200") == 5

    def test_only_the_head_if_only_that_is_asked_for(self, echo):
        head = asking_for("/page").replace(b"GET", b"HEAD", 1)
        with connect(echo) as client:
            client.sendall(head.replace(b"Connection: close\r\n", b"") + head)
            answers = read_all(client)
        assert answers.count(b"Content-Length: %d\r\n" % PAGE_BYTES) == 2
        assert len(answers) < 1000

    def test_64_megabytes_at_once(self, echo):
        assert len(get(echo, "/large")) > 64 * 1024 * 1024

    def test_an_error_reaches_a_client_that_is_still_sending(self, echo):
        with connect(echo) as client:
            client.sendall(b"NONSENSE\r\n\r\n" + b"x" * 1000)
            assert read_all(client).startswith(b"HTTP/1.1 400")


class TestBounds:
    @pytest.mark.parametrize(
        "request_line", [b"GET /" + b"a" * 9000, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 9000]
    )
    def test_too_long_a_line_is_refused(self, echo, request_line):
        with connect(echo) as client:
            client.sendall(request_line + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert read_all(client)[:12] in (b"HTTP/1.1 414", b"HTTP/1.1 431", b"HTTP/1.1 400")

    def test_too_many_headers_are_refused(self, echo):
        with connect(echo) as client:
            client.sendall(HEAD + b"X: y\r\n" * 100 + b"\r\n")
            assert read_all(client)[:12] in (b"HTTP/1.1 431", b"HTTP/1.1 400")

    def test_a_head_without_end_is_refused(self, echo):
        with connect(echo) as client:
            client.sendall(b"a" * 70000)
            assert read_all(client).startswith(b"HTTP/1.1 431")

    def test_two_lengths_are_refused(self, echo):
        with connect(echo) as client:
            client.sendall(HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
            assert read_all(client).startswith(b"HTTP/1.1 400")


class TestRefusals:
    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            (b"NONSENSE\r\n\r\n", b"400 Bad Request"),
            (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414 "),
            (HEAD + b"X: y\r\n" * 100 + b"\r\n", b"431 Request Header Fields Too Large"),
            (b"a" * 70000, b"431 Request Header Fields Too Large"),
        ],
    )
    def test_they_are_short_and_as_protected_as_all_answers(self, echo, sent, status):
        with connect(echo) as client:
            client.sendall(sent)
            head, _, body = read_all(client).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 " + status)
        assert b"Content-Security-Policy: default-src 'none'\r\n" in head
        assert b"X-Content-Type-Options: nosniff\r\n" in head
        assert b"Referrer-Policy: no-referrer\r\n" in head
        assert b"Connection: close\r\n" in head
        assert b"Content-Type: text/plain" in head
        assert body.startswith(status)
        assert len(body) < 50

    def test_an_error_of_the_application_is_one_too(self, tmp_path, capfd):
        with serving("def app(environ, start_response): raise RuntimeError('oops')", tmp_path) as web:
            answer = get(web)
        assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
        assert b"default-src 'none'" in answer
        assert b"oops" not in answer
        assert "RuntimeError: oops" in capfd.readouterr().err


class TestTimeOuts:
    def test_a_head_that_trickles_in_has_no_more_time_than_one_that_stops(self, hasty):
        with connect(hasty) as client, pytest.raises(OSError):  # noqa: PT011, PT012 - reset or broken pipe
            for _ in range(100):
                client.sendall(b"X")
                time.sleep(0.1)

    def test_empty_lines_before_a_head_do_not_gain_time(self, hasty):
        with connect(hasty) as client, pytest.raises(OSError):  # noqa: PT011, PT012 - reset or broken pipe
            for _ in range(100):
                client.sendall(b"\r\n")
                time.sleep(0.1)

    def test_a_body_that_stops_ends_the_connection(self, hasty):
        with connect(hasty) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345")
            assert b" 200 " not in read_all(client)

    def test_an_answer_that_nobody_takes_ends_the_connection(self, hasty):
        with connect(hasty) as client:
            client.sendall(asking_for("/page"))
            # Closing looks for who is late once a second.
            time.sleep(2.5)
            with pytest.raises(ConnectionResetError):
                read_all(client)

    def test_an_answer_taken_slowly_but_steadily_arrives_whole(self, hasty):
        with connect(hasty) as client:
            client.sendall(asking_for("/page"))
            taken = 0
            for _ in range(40):
                taken += len(client.recv(64 * 1024))
                time.sleep(0.1)
            taken += len(read_all(client))
        assert taken > PAGE_BYTES

    def test_who_sends_a_body_that_nobody_wants_to_its_end_reads_the_answer(self, hasty):
        with connect(hasty) as client:
            client.sendall(b"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n")
            for _ in range(20):
                client.sendall(bytes(100_000))
                time.sleep(0.15)
            assert read_all(client).endswith(b"no")

    def test_a_connection_that_says_nothing_is_closed(self, hasty):
        with connect(hasty) as client:
            assert read_all(client) == b""


class TestStopping:
    def test_a_request_under_way_is_answered(self, tmp_path):
        slow = """
            import time

            def app(environ, start_response):
                time.sleep(1)
                start_response("200 OK", [("Content-Length", "4")])
                return [b"done"]
            """
        with serving(slow, tmp_path, WEB_WORKERS="1") as web, connect(web) as client:
            client.sendall(HEAD + b"\r\n")
            time.sleep(0.3)
            web.stop()
            assert read_all(client).endswith(b"done")

    def test_an_answer_under_way_arrives_whole(self, tmp_path):
        with serving(ECHO, tmp_path, WEB_WORKERS="1") as web, connect(web) as client:
            client.sendall(asking_for("/page"))
            received = bytearray(client.recv(1))
            [worker] = workers_of(web)
            worker.send(signal.SIGTERM)
            time.sleep(0.5)
            received += read_all(client)
            assert len(received) > PAGE_BYTES
            assert worker.wait(10)

    def test_a_worker_that_has_answered_enough_is_replaced_and_nobody_notices(self, tmp_path):
        with serving(FEW, tmp_path, WEB_WORKERS="1") as web:
            before = workers_of(web)
            assert all(get(web).endswith(b"hello") for _ in range(20))
            assert workers_of(web) != before

    def test_a_worker_that_ends_is_replaced_although_a_client_takes_its_answer_slowly(self, tmp_path):
        with serving(ECHO, tmp_path, WEB_WORKERS="1") as web, connect(web) as client:
            client.sendall(asking_for("/page"))
            received = bytearray(client.recv(1))
            workers_of(web)[0].send(signal.SIGTERM)
            time.sleep(0.5)
            assert_others_are_served(web)
            received += read_all(client)
        assert len(received) > PAGE_BYTES

    def test_a_worker_that_ends_is_replaced_and_nobody_notices(self, tmp_path):
        with serving(HELLO, tmp_path, WEB_WORKERS="1") as web:
            before = workers_of(web)
            before[0].send(signal.SIGTERM)
            assert all(get(web).endswith(b"hello") for _ in range(50))
            assert before[0].wait(10)
            assert workers_of(web) != before


def test_gunicorns_own_worker_serves_where_it_is_asked_for(tmp_path):
    with serving(HELLO, tmp_path, WEB_WORKER="gthread") as web:
        assert get(web).endswith(b"hello")


def test_a_thousand_stored_answers_are_one_request_to_whoever_replaces_workers():
    worker = PatientWorker.__new__(PatientWorker)
    worker.ledger, worker.nr, worker.max_requests, worker.alive = Ledger(), 7, 10, True
    for told, nr, rest, alive in ((2500, 9, 500, True), (999, 9, 999, True), (1001, 10, 1, False)):
        worker.ledger.told = told
        worker._count_answers()
        assert (worker.nr, worker.ledger.told, worker.alive) == (nr, rest, alive)
