"""What a proxy takes away from pages, or adds to them, is found."""

import pytest

from homeport.ops.doctor import pages
from homeport.web.security import HEADERS


def without(*names):
    lowered = {name.lower() for name in names}
    return lambda headers: [(name, value) for name, value in headers if name.lower() not in lowered]


def plus(name, value):
    return lambda headers: [*headers, (name, value)]


def test_we_look_for_every_header_that_the_site_sends():
    assert set(pages.PROTECTING) == {*HEADERS, "Content-Security-Policy"}


def test_a_cookie_on_a_page_that_may_be_kept_is_found(world):
    world.front.spoil_headers = plus("Set-Cookie", "sticky=1; Path=/")
    findings = world.look("cookies on pages")
    assert findings[0].what.endswith("/ sets the cookie sticky")
    assert len(findings) > 1


def test_a_cookie_on_what_nobody_keeps_is_fine(world):
    world.front.spoil_headers = lambda headers: [*headers, ("Cache-Control", "no-store"), ("Set-Cookie", "a=1")]
    assert world.look("cookies on pages") == []


@pytest.mark.parametrize("name", [*pages.PROTECTING, pages.TRANSPORT])
def test_each_header_is_missed(world, name):
    world.front.spoil_headers = without(name)
    [finding] = world.look("protecting headers")
    assert finding.what.startswith(f"{name} missing at https://example.org")
    assert ("SITE_URL" in finding.remedy) == (name == pages.TRANSPORT)


def test_who_loses_them_is_told_apart(world):
    world.front.spoil_headers = without("Permissions-Policy")
    [finding] = world.look("protecting headers")
    assert "something in front takes them away" in finding.remedy
    world.change(outside=None)
    honest = world.inside.app

    def spoiled(environ, start_response):
        def answer(status, headers, *rest):
            return start_response(status, without("Permissions-Policy")(headers), *rest)

        return honest(environ, answer)

    world.inside.app = spoiled
    [finding] = world.look("protecting headers")
    assert "run an unchanged release" in finding.remedy


def test_a_header_that_the_proxy_says_otherwise_is_found(world):
    world.front.spoil_headers = plus("X-Frame-Options", "SAMEORIGIN")
    [finding] = world.look("protecting headers")
    assert finding.what.startswith("X-Frame-Options sent twice, and differently")


def test_a_proxy_that_does_not_pass_on_what_readers_can_unpack_is_found(world):
    world.front.spoil_request = lambda environ: environ.pop("HTTP_ACCEPT_ENCODING", None)
    assert [finding.what.split(" sent as ")[1] for finding in world.look("compression")] == [
        "br to who asks for it",
        "gzip to who asks for it",
    ]


def test_packed_pages_without_vary_are_found(world):
    world.front.spoil_headers = without("Vary")
    assert "does not say that it varies" in world.look("compression")[0].what


def test_a_page_without_etag_is_found(world):
    world.front.spoil_headers = without("ETag")
    [finding] = world.look("validators")
    assert finding.what.endswith("/ has no ETag")


def test_a_page_that_is_always_sent_again_is_found(world):
    world.front.spoil_request = lambda environ: environ.pop("HTTP_IF_NONE_MATCH", None)
    [finding] = world.look("validators")
    assert "answers 200 instead of 304" in finding.what
