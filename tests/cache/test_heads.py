import pytest

from homeport.cache.heads import Heads

PLAIN = b"GET /posts/one?utm=1 HTTP/1.1\r\nHost: example.org\r\nAccept-Encoding: br\r\n"


def test_a_plain_request_is_read():
    head = Heads().read(PLAIN + b'If-None-Match: "abc"\r\nX-Request-Id: 12345678\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n')
    assert head is not None
    assert (head.method, head.key, head.target) == ("GET", "/posts/one", "/posts/one?utm=1")
    assert (head.accepts, head.has, head.request_id, head.forwarded_for) == ("br", '"abc"', "12345678", "192.0.2.7")


def test_what_follows_is_left_alone():
    head = Heads().read(PLAIN + b"\r\nGET /next")
    assert head is not None
    assert head.length == len(PLAIN) + 2


def test_an_id_that_is_none_is_not_taken():
    head = Heads().read(PLAIN + b"X-Request-Id: <script>\r\n\r\n")
    assert head is not None
    assert head.request_id == ""


def test_one_that_comes_again_is_the_same():
    heads = Heads()
    assert heads.read(PLAIN + b"\r\n") is heads.read(PLAIN + b"\r\n")


@pytest.mark.parametrize(
    "received",
    [
        PLAIN,
        PLAIN.replace(b"\r\n", b"\n") + b"\n",
        PLAIN + b" folded\r\n\r\n",
        PLAIN + b"Host: other\r\n\r\n",
        PLAIN + b"Range: bytes=0-1\r\n\r\n",
        PLAIN + b"Content-Length: 0\r\n\r\n",
        PLAIN + b"Connection: close\r\n\r\n",
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
