import pytest

from homeport.cache.heads import Heads, Request

PLAIN = b"GET /posts/one?utm=1 HTTP/1.1\r\nHost: example.org\r\nAccept-Encoding: br\r\n"


def read(received: bytes, heads: Heads | None = None) -> Request:
    request = (heads or Heads()).read(received)
    assert request is not None
    return request


def test_a_plain_request_is_read():
    head, _, request_id, forwarded_for = read(
        PLAIN + b'If-None-Match: "abc"\r\nX-Request-Id: 12345678\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n'
    )
    assert (head.method, head.key, head.target) == ("GET", "/posts/one", "/posts/one?utm=1")
    assert (head.encoding, head.has, request_id, forwarded_for) == ("br", '"abc"', "12345678", "192.0.2.7")


def test_what_follows_is_left_alone():
    _, length, _, _ = read(PLAIN + b"\r\nGET /next")
    assert length == len(PLAIN) + 2


def test_an_id_that_is_none_is_not_taken():
    _, _, request_id, _ = read(PLAIN + b"X-Request-Id: <script>\r\n\r\n")
    assert request_id == ""


@pytest.mark.parametrize(("said", "closes"), [(b"", False), (b"keep-alive", False), (b"Close", True)])
def test_it_is_known_which_request_is_the_last_one(said, closes):
    request = Heads().read(PLAIN + (b"Connection: " + said + b"\r\n" if said else b"") + b"\r\n")
    assert request is not None
    assert request[0].closes is closes


def test_one_that_comes_again_is_the_same():
    heads = Heads()
    assert read(PLAIN + b"\r\n", heads)[0] is read(PLAIN + b"\r\n", heads)[0]


def edged(number: int, *, more: bytes = b"") -> bytes:
    """What an edge makes of a request: the same each time, but for a few values."""
    each_time = b"X-Forwarded-For: 192.0.2.%d\r\nX-Real-IP: 192.0.2.%d\r\nX-Request-Id: abcdefgh%d\r\n"
    return PLAIN + each_time % (number, number, number) + more + b"\r\n"


def test_what_an_edge_writes_anew_each_time_makes_no_other_head():
    heads = Heads()
    one, two = read(edged(1), heads), read(edged(22), heads)
    assert one[0] is two[0]
    assert one[1:] == (len(edged(1)), "abcdefgh1", "192.0.2.1")
    assert two[1:] == (len(edged(22)), "abcdefgh22", "192.0.2.22")


@pytest.mark.parametrize(
    "spelled", [b"x-request-id: %s", b"X-Request-Id:%s", b"X-REQUEST-ID: %s", b"X-Request-ID:  %s "]
)
def test_an_id_is_found_however_it_is_written_and_whether_its_head_came_before_or_not(spelled):
    heads = Heads()
    for given in (b"12345678", b"abcdefgh", b"short", b"12345678"):
        _, _, request_id, _ = read(PLAIN + spelled % given + b"\r\n\r\n", heads)
        assert request_id == (given.decode() if len(given) == 8 else "")


@pytest.mark.parametrize(
    "received",
    [
        edged(2, more=b"X-Request-Id: again-and-again\r\n"),
        edged(2, more=b"x-forwarded-for: 192.0.2.9\r\n"),
        edged(2, more=b" folded\r\n"),
        edged(2, more=b"Range: bytes=0-1\r\n"),
        edged(2).replace(b"abcdefgh2", b"abc\x00efgh"),
        edged(2).replace(b"abcdefgh2", b"abc\xe9efgh"),
        edged(2).replace(b"abcdefgh2", b"abc\nefgh"),
        edged(2).replace(b"abcdefgh2", b"abc\refgh"),
        edged(2).replace(b"abcdefgh2\r\n", b"abcdefgh2\n"),
        edged(2).replace(b"192.0.2.2", b"1" * 8000),
        edged(2)[:-2],
    ],
)  # fmt: skip
def test_a_head_that_came_before_makes_no_other_one_plain(received):
    heads = Heads()
    read(edged(1), heads)
    assert heads.read(received) is None


def test_what_follows_one_that_came_before_is_left_alone_too():
    heads = Heads()
    read(edged(1), heads)
    assert read(edged(2) + b"GET /next", heads)[1] == len(edged(2))


@pytest.mark.parametrize(
    "received",
    [
        PLAIN,
        PLAIN.replace(b"\r\n", b"\n") + b"\n",
        PLAIN + b" folded\r\n\r\n",
        PLAIN + b"Host: other\r\n\r\n",
        PLAIN + b"Range: bytes=0-1\r\n\r\n",
        PLAIN + b"Content-Length: 0\r\n\r\n",
        PLAIN + b"Connection: upgrade\r\n\r\n",
        PLAIN + b"X: \xe9\r\n\r\n",
        PLAIN + b"X_Y: z\r\n\r\n",
        PLAIN + b"".join(b"X-%d: y\r\n" % number for number in range(60)) + b"\r\n",
        PLAIN + b"X: " + b"y" * 8000 + b"\r\n\r\n",
        PLAIN.replace(b"GET", b"POST") + b"\r\n",
        PLAIN.replace(b"1.1", b"1.0") + b"\r\n",
        PLAIN.replace(b"/posts", b"//posts") + b"\r\n",
        PLAIN.replace(b"utm=1", b"before=x") + b"\r\n",
        PLAIN.replace(b"Host: example.org\r\n", b"") + b"\r\n",
        PLAIN.replace(b"example.org", b"a b") + b"\r\n",
    ],
)  # fmt: skip
def test_whatever_is_not_quite_plain_is_left_to_the_application(received):
    assert Heads().read(received) is None
