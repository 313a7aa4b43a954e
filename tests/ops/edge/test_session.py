"""Signed in for as long as it takes, whatever the proxy says when it means "sign in"."""

import pytest

from homeport.ops.edge.errors import ProxyAwayError, ProxyPasswordError, ProxyRefusedError
from homeport.ops.edge.session import Session, ask_for_token
from homeport.ops.edge.transport import Reply
from tests.ops.edge.double import User
from tests.ops.edge.ways import DirectTransport
from tests.ops.edge.world import EMAIL, PASSWORD, World, declare


@pytest.fixture
def world(tmp_path, version):
    made = World.of(declare(tmp_path), version)
    made.double.users[:] = [User(1, EMAIL, PASSWORD)]
    return made


@pytest.fixture
def session(world):
    made = Session(DirectTransport(world.double), now=world.clock)
    assert made.sign_in(EMAIL, PASSWORD)
    return made


def test_a_wrong_password_is_not_taken(world):
    session = Session(DirectTransport(world.double), now=world.clock)
    assert not session.sign_in(EMAIL, "wrong")
    assert not session.sign_in("nobody@example.org", PASSWORD)


def test_a_token_that_ends_soon_is_exchanged_before_it_does(world, session):
    world.clock.pass_days(0.99)
    session.call("GET", "/nginx/proxy-hosts")
    assert world.double.requests.count("POST /tokens") == 2


def test_one_token_is_good_for_many_requests(world, session):
    for _ in range(3):
        session.call("GET", "/nginx/proxy-hosts")
    assert world.double.requests.count("POST /tokens") == 1


@pytest.mark.parametrize("path", ["/nginx/proxy-hosts", "/nginx/certificates"])
def test_a_token_that_the_proxy_has_forgotten_is_exchanged(world, session, path):
    """It has a new key after its data was restored, and says 500 to a token of the old one."""
    world.double.tokens.clear()
    assert session.call("GET", path) == []


def test_a_token_that_has_ended_by_the_proxys_clock_is_exchanged(world, session):
    ours = world.clock.moment
    session._now = lambda: ours
    world.clock.pass_days(2)
    assert session.call("GET", "/nginx/proxy-hosts") == []


def test_a_password_that_was_changed_meanwhile_is_told(world, session):
    world.double.tokens.clear()
    world.double.users[0].secret = "another one"
    with pytest.raises(ProxyPasswordError, match=r"does not take the password of me@example\.org any more"):
        session.call("GET", "/nginx/proxy-hosts")


def test_a_refusal_carries_what_the_proxy_says(session):
    with pytest.raises(ProxyRefusedError, match=r"refuses POST /nginx/proxy-hosts with 400: data must have") as refused:
        session.call("POST", "/nginx/proxy-hosts", {"domain_names": ["a.org"]})
    assert refused.value.status == 400


def test_what_certbot_says_comes_along(world, session):
    world.authority.refusals.append("first line\nDetail: second line")
    body = {"provider": "letsencrypt", "domain_names": ["a.org"], "meta": {}}
    if world.double.version < (2, 13, 0):
        body["meta"] = {"letsencrypt_email": EMAIL, "letsencrypt_agree": True}
    with pytest.raises(ProxyRefusedError) as refused:
        session.call("POST", "/nginx/certificates", body)
    assert "Detail: second line" in refused.value.details


class Odd:
    """Answers what it is told to."""

    def __init__(self, *replies):
        self.replies = list(replies)

    def send(self, method, path, body, *, token, timeout_seconds):
        return self.replies.pop(0)


@pytest.mark.parametrize("data", [{}, {"token": "x"}, {"token": "x", "expires": "soon"}])
def test_an_odd_answer_to_a_sign_in_is_told(data):
    with pytest.raises(ProxyAwayError, match="not known here"):
        ask_for_token(Odd(Reply(200, data)), EMAIL, PASSWORD)


@pytest.mark.parametrize("data", [None, [], "text", {"error": "text"}, {"error": {"message": "said"}, "debug": "odd"}])
def test_an_odd_refusal_is_an_error_like_any_other(data):
    with pytest.raises(ProxyRefusedError):
        Session(Odd(Reply(502, data))).call("GET", "/")


def test_a_proxy_that_cannot_sign_anybody_in_is_told():
    with pytest.raises(ProxyRefusedError, match="POST /tokens with 500"):
        ask_for_token(Odd(Reply(500, {"error": {"message": "Internal Error"}})), EMAIL, PASSWORD)
