"""A site that believes a forged header is found out, whichever header and whatever it changes."""

import pytest

from homeport.ops.doctor import forgery
from homeport.ops.doctor.findings import NotApplicableError


def before(world, spoil):
    """Let something stand before the web server that changes answers as it is told by requests."""
    honest = world.inside.app

    def spoiled(environ, start_response):
        return spoil(honest, environ, start_response)

    world.inside.app = spoiled
    world.change(outside=None)


def adding(header):
    """Return an application that answers with a header made of what the request says."""

    def spoil(app, environ, start_response):
        # The site takes forged headers out of the request.
        more = header(environ)

        def answer(status, headers, *rest):
            return start_response(status, [*headers, *more], *rest)

        return app(environ, answer)

    return spoil


def test_a_host_that_gets_into_the_page_is_found(world):
    def echo(_app, environ, start_response):
        body = f"<a href='//{environ.get('HTTP_X_FORWARDED_HOST', '')}/'>".encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    before(world, echo)
    [finding] = world.look("forged headers")
    assert finding.what.startswith("a forged X-Forwarded-Host changes the page at http://127.0.0.1")


@pytest.mark.parametrize("name", ["HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PREFIX", "HTTP_FORWARDED", "HTTP_HOST"])
def test_a_host_that_gets_into_a_header_is_found(world, name):
    before(world, adding(lambda environ: [("Link", environ.get(name, ""))]))
    [finding] = world.look("forged headers")
    assert "changes a header" in finding.what


@pytest.mark.parametrize("name", ["HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_SCHEME", "HTTP_X_FORWARDED_SSL"])
def test_cookies_that_depend_on_the_scheme_are_found(world, name):
    def cookie(environ):
        is_forged = environ.get(name) in ("https", "on")
        return [("Set-Cookie", f"a={id(environ)}; Path=/" + ("; Secure" if is_forged else ""))]

    before(world, adding(cookie))
    [finding] = world.look("forged headers")
    assert "changes its cookies" in finding.what


@pytest.mark.parametrize("name", ["HTTP_X_REAL_IP", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PORT"])
def test_an_answer_that_depends_on_them_is_found(world, name):
    def refuse(app, environ, start_response):
        if environ.get(name):
            start_response("403 Forbidden", [("Content-Length", "0")])
            return [b""]
        return app(environ, start_response)

    before(world, refuse)
    [finding] = world.look("forged headers")
    assert "status 200 becomes 403" in finding.what


def test_a_redirect_that_follows_them_is_found(world):
    def lead(_app, environ, start_response):
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "http")
        start_response("301 Moved", [("Location", f"{scheme}://example.org/"), ("Content-Length", "0")])
        return [b""]

    before(world, lead)
    [finding] = world.look("forged headers")
    assert "changes where it leads" in finding.what


def test_a_proxy_that_passes_them_on_is_found(world):
    """The site believes its proxy, so a proxy that believes anybody makes it believe anybody."""
    world.front.passes_forged = True
    honest = world.inside.app

    def cookies(environ, start_response):
        flag = "; Secure" if environ.get("HTTP_X_FORWARDED_PROTO") != "http" else ""

        def answer(status, headers, *rest):
            return start_response(status, [*headers, ("Set-Cookie", f"a=1{flag}")], *rest)

        return honest(environ, answer)

    world.inside.app = cookies
    world.change(inside=None)
    [finding] = world.look("forged headers")
    assert "X-Forwarded-Proto changes its cookies at https://example.org" in finding.what


def test_a_server_that_refuses_a_strange_host_does_right(world):
    def refuse(app, environ, start_response):
        if environ["HTTP_HOST"] == forgery.FORGED_HOST:
            start_response("421 Misdirected Request", [("Content-Length", "0")])
            return [b""]
        return app(environ, start_response)

    before(world, refuse)
    assert world.look("forged headers") == []


def test_a_machine_that_is_a_trusted_proxy_itself_may_say_what_it_likes(world):
    world.change(outside=None, settings=world.patient.settings.replace(trusted_proxies=("127.0.0.1",)))
    with pytest.raises(NotApplicableError):
        world.look("forged headers")
