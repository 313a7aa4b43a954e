"""What a worker answers by itself must be, byte for byte, what the application would have answered."""

import random
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from homeport.cache.answers import Answered, Answers
from homeport.cache.memory import Held
from homeport.cache.page import StoredPage
from homeport.cache.store import PageStore
from homeport.ops import process
from homeport.ops.webservice import WebService
from tests.factories.blog import make_entry
from tests.factories.pages import make_stored_page
from tests.factories.sites import connect, read_all, serving

QUICK = """
    import os

    from homeport import wsgi
    from homeport.cache.answers import Answers

    hits = open(os.environ["TRIED_HITS"], "ab", 0)
    find = Answers.find

    def count_and_find(self, received, peer):
        found = find(self, received, peer)
        hits.write(b"x" if found else b"")
        return found

    Answers.find = count_and_find
    app, prepare, complete = wsgi.app, wsgi.prepare, wsgi.complete
    """
# Without an offer no page is answered before it has become a request of the application.
LONG = """
    from homeport import wsgi

    prepare, complete = wsgi.prepare, wsgi.complete

    def app(environ, start_response):
        return wsgi.app(environ, start_response)
    """
SEED = 20_261_123
CASES = 2000
LAST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: the-last-one\r\nConnection: close\r\n\r\n"
BROUGHT = b"12345678-abc"
# An id that a request has brought does not change, and is the same in both or in neither.
CHANGING = re.compile(rb"(?m)^(Date|X-Request-Id): (?!12345678-abc\r)[^\r]*|^\{\"status[^\n]*")

METHODS = [b"GET"] * 40 + [b"HEAD"] * 10 + [b"POST", b"OPTIONS", b"get", b"PUT", b"G\x00T"]
TARGETS = [b"/", b"/posts/one", b"/posts/two", b"/feed.atom", b"/robots.txt", b"/tags"] * 12 + [
    b"/posts/three",
    b"/posts/ONE",
    b"/posts/one/",
    b"//posts/one",
    b"/posts//one",
    b"/posts/%6fne",
    b"/posts/one%00",
    b"/posts/one?utm_source=a&b",
    b"/posts/one?before=x",
    b"/?before=one",
    b"/posts/one?a=%00",
    b"/posts/one?b%65fore=1",
    b"/posts/one#part",
    b"http://localhost/posts/one",
    b"*",
    b"/posts/one;v=1",
    b"/posts/../posts/one",
    b"/posts/\xc3\xa9t\xc3\xa9",
    b"/posts/%C3%A9t%C3%A9",
    b"/posts/o ne",
    b"/posts/one?",
    b"/?",
    b"/studio",
    b"/healthz",
    b"/posts/one?x=" + b"a" * 9000,
]
VERSIONS = [b"HTTP/1.1"] * 50 + [b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.2", b"http/1.1", b""]
HOSTS = [b"localhost"] * 40 + [
    b"example.org:80",
    b"[::1]",
    b"[::1]:80",
    b"a b",
    b"",
    b"a/b",
    b"h\xc3\xb6st",
    b"localhost:",
    b"a,b",
]
FIELDS = [
    b"Accept-Encoding: br",
    b"Accept-Encoding: gzip",
    b"X-Real-IP: 192.0.2.7",
    b"x-real-ip: 192.0.2.8\r\nX-Real-Ip: 192.0.2.9",
    b"X-Request-Id: a-plain-id\r\nX-Request-Id: another-id",
    b"X-Request-Id: tab\tinside",
    b"accept-encoding: gzip, deflate, br, zstd",
    b"Accept-Encoding:",
    b"Accept-Encoding: identity;q=0",
    b"Accept-Encoding: br;q=0, *",
    b"Accept-Encoding:br",
    b"Accept-Encoding:\tgzip  ",
    b"If-None-Match: {etag}",
    b"If-None-Match: W/{etag}",
    b'If-None-Match: "x"',
    b"If-None-Match: *",
    b"If-None-Match: x",
    b'If-None-Match: "x", {etag}',
    b"If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT",
    b"Range: bytes=0-9",
    b"If-Match: {etag}",
    b'If-Match: "x"',
    b"Cookie: homeport=1; a=b",
    b"Authorization: Basic eDp5",
    b"User-Agent: a browser",
    b"Accept: text/html",
    b"Connection: keep-alive",
    b"Connection: close",
    b"Connection: Keep-Alive",
    b"Connection: upgrade",
    b"Upgrade: websocket",
    b"X-Forwarded-For: 192.0.2.7",
    b"X-Forwarded-Proto: https",
    b"X-Forwarded-Host: evil",
    b"Forwarded: for=x",
    b"X-Request-Id: " + BROUGHT,
    b"X-Request-Id: <b>",
    b"Content-Length: 0",
    b"Content-Length: 4",
    b"Content-Length: x",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: identity",
    b"Expect: 100-continue",
    b"Host: other",
    b"A: b\r\n folded",
    b"A : b",
    b": b",
    b"A",
    b"A_B: c",
    b"SCRIPT_NAME: /x",
    b"Path-Info: /x",
    b"X: a\x00b",
    b"X: \xe9",
    b"X: " + b"a" * 7000,
    b"X-HTTP-Method-Override: POST",
    b"DNT: 1",
    b"Sec-Fetch-Site: cross-site",
    b"Sec-Purpose: prefetch",
    b"TE: trailers",
    b"Proxy: http://evil",
    b"Accept-Language: de",
    b"Cache-Control: no-cache",
    b"Pragma: no-cache",
    b"Origin: http://evil",
]
ENDS = [b"\r\n"] * 40 + [b"\n", b"\r", b"\r\r\n", b"\n\r\n"]


@dataclass
class Pair:
    quick: WebService
    long: WebService
    etag: bytes
    hits: Path


class StoreOfOne:
    """Stands for a store that has a single page."""

    def __init__(self, page: StoredPage) -> None:
        self.page = Held(page)

    def held(self, key: str) -> Held | None:
        return self.page if key == self.page.page.key else None

    def count(self, held: Held) -> None:
        held.hit()


@pytest.fixture(scope="module")
def written(committed) -> None:
    with committed.transaction() as session:
        for slug in ("one", "two"):
            make_entry(session, slug=slug, source="Words and words. " * 100, tags=("tag",))


@pytest.fixture(scope="module")
def pair(written, committed_uri, tmp_path_factory) -> Iterator[Pair]:
    with both_serving(committed_uri, tmp_path_factory) as pair:
        yield pair


@contextmanager
def both_serving(uri: str, tmp_path_factory: pytest.TempPathFactory, **more: str) -> Iterator[Pair]:
    data = tmp_path_factory.mktemp("data")
    with ExitStack() as stack:
        webs = []
        for name, source in (("quick", QUICK), ("long", LONG)):
            folder = tmp_path_factory.mktemp(name)
            given = {
                "DB_URI": uri,
                "WEB_WORKERS": "1",
                "JOBS": "off",
                "LOG_LEVEL": "warning",
                # What an answer allows is written in the order of a set.
                "PYTHONHASHSEED": "1",
                "CACHE_DIR": str(data),
                "TRIED_HITS": str(data / "hits"),
                **more,
            }
            webs.append(stack.enter_context(serving(source, folder, **given)))
        quick, long = webs
        etag = settle(quick, long)
        yield Pair(quick, long, etag, data / "hits")


def settle(quick: WebService, long: WebService) -> bytes:
    """Wait until both have stored every page in its best encodings."""

    def is_settled() -> bool:
        asked = [
            b"GET %s HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: %s\r\n\r\n" % (target, encoding)
            for target in sorted(set(TARGETS[:6]))
            for encoding in (b"br", b"gzip", b"identity")
        ]
        return all(answer(quick, request) == answer(long, request) for request in asked)

    assert process.wait_until(lambda: is_settled() and not time.sleep(0.5) and is_settled(), 30)
    found = re.search(rb'ETag: ("[^"]*")', answer(quick, b"GET /posts/one HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    assert found
    return found[1]


def answer(web: WebService, request: bytes, *, pieces: int = 1) -> bytes:
    """Return everything that comes back, without what differs each time."""
    sent = request + LAST
    with connect(web) as client:
        try:
            for number in range(pieces):
                client.sendall(sent[len(sent) * number // pieces : len(sent) * (number + 1) // pieces])
                time.sleep(0.001 if pieces > 1 else 0)
            client.shutdown(socket.SHUT_WR)
            received = read_all(client)
        except (ConnectionResetError, BrokenPipeError):
            received = b"reset"
    return CHANGING.sub(b"", received)


def make_request(chance: random.Random, etag: bytes) -> bytes:
    end = chance.choice(ENDS) if chance.random() < 0.1 else b"\r\n"
    method, target, version = (chance.choice(among) for among in (METHODS, TARGETS, VERSIONS))
    lines = [b" ".join(filter(None, (method, target, version))), b"Host: " + chance.choice(HOSTS)]
    few = chance.choice((0, 1, 1, 2, 2, 3, 5))
    lines += [field.replace(b"{etag}", etag) for field in chance.sample(FIELDS, few)]
    if chance.random() < 0.05:
        del lines[1]
    return end.join(lines) + end + chance.choice(ENDS)


def test_any_request_is_answered_as_the_application_would(pair):
    chance = random.Random(SEED)
    requests = [make_request(chance, pair.etag) for _ in range(CASES)]
    before = pair.hits.stat().st_size
    with ThreadPoolExecutor(8) as pool:
        quick = pool.map(lambda request: answer(pair.quick, request), requests)
        long = pool.map(lambda request: answer(pair.long, request), requests)
        for request, one, other in zip(requests, quick, long, strict=True):
            assert one == other, request
    assert pair.hits.stat().st_size - before > CASES // 10


def ids_in_answers(pair: Pair) -> list[int]:
    """Send ids with requests that one answers from its store and the other does not; count those that come back."""
    fields = [b"X-Request-Id: " + BROUGHT, b"x-request-id:" + BROUGHT, b"X-Request-Id: short", b"Accept-Encoding: br"]
    heads = [b"GET /posts/one HTTP/1.1\r\nHost: localhost\r\n" + field + b"\r\n\r\n" for field in fields * 5]
    return [answer(web, b"".join(heads)).count(b"X-Request-Id: " + BROUGHT) for web in (pair.quick, pair.long)]


def test_the_id_that_a_request_brings_is_taken_from_a_trusted_proxy_alone(
    pair, written, committed_uri, tmp_path_factory
):
    assert ids_in_answers(pair) == [0, 0]
    with both_serving(committed_uri, tmp_path_factory, TRUSTED_PROXIES="127.0.0.1") as trusting:
        assert ids_in_answers(trusting) == [10, 10]
        assert trusting.hits.stat().st_size >= 10


def test_so_are_many_that_come_at_once(pair):
    chance = random.Random(SEED)
    for _ in range(100):
        requests = b"".join(plain_request(chance, pair.etag) for _ in range(chance.randrange(2, 60)))
        assert answer(pair.quick, requests) == answer(pair.long, requests), requests


def test_so_are_those_that_come_in_pieces(pair):
    chance = random.Random(SEED)
    cases = []
    for _ in range(60):
        request = plain_request(chance, pair.etag) + make_request(chance, pair.etag)
        # Byte by byte a long one would take longer than anybody is waited for.
        cases.append((request, min(chance.choice((2, 3, 7, len(request))), 500)))
    # Nearly all of it is waiting between the pieces.
    with ThreadPoolExecutor(2) as one_pool, ThreadPoolExecutor(2) as other_pool:
        quick = one_pool.map(lambda case: answer(pair.quick, case[0], pieces=case[1]), cases)
        long = other_pool.map(lambda case: answer(pair.long, case[0], pieces=case[1]), cases)
        for (request, _), one, other in zip(cases, quick, long, strict=True):
            assert one == other, request


def plain_request(chance: random.Random, etag: bytes) -> bytes:
    fields = [b"Accept-Encoding: br", b"Accept-Encoding: gzip", b"If-None-Match: " + etag, b"Cookie: a=b", b"DNT: 1"]
    lines = [chance.choice((b"GET", b"HEAD")) + b" " + chance.choice(TARGETS[:6]) + b" HTTP/1.1", b"Host: localhost"]
    return b"\r\n".join((*lines, *chance.sample(fields, 2))) + b"\r\n\r\n"


def test_each_has_its_id_and_is_told_of_with_it():
    said: list[Answered] = []
    answers = Answers(cast("PageStore", StoreOfOne(make_stored_page("/"))), said.append, "192.0.2.7".__eq__)
    head = b"GET /?utm=1 HTTP/1.1\r\nHost: localhost\r\n"
    for more in (
        b"",
        b"X-Request-Id: 12345678-abc\r\n",
        b'If-None-Match: "abc"\r\n',
        b"X-Forwarded-For: 192.0.2.9\r\n",
    ):
        found = answers.find(head + more + b"\r\n", "192.0.2.7")
        assert found is not None
        assert f"X-Request-Id: {said[-1][4]}\r\n".encode() in found[0]
    _, peers, heads, statuses, ids, clients = zip(*said, strict=True)
    assert ids[1] == "12345678-abc"
    assert len(set(ids)) == 4
    assert set(peers) == {"192.0.2.7"}
    assert {each.target for each in heads} == {"/?utm=1"}
    assert statuses == (200, 200, 304, 200)
    assert clients == ("", "", "", "192.0.2.9")
    assert answers.find(head + b"X-Request-Id: 12345678-abc\r\n\r\n", "192.0.2.8")
    assert said[-1][4] not in (*ids, "12345678-abc")


def test_who_reads_slowly_gets_it_all(pair):
    requests = b"GET /feed.atom HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400
    with connect(pair.quick) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(requests + LAST)
        time.sleep(0.5)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        received = read_all(client)
    assert received.count(b"HTTP/1.1 200 OK") == 401
    assert received.endswith(b'{"status":"ok"}\n')
