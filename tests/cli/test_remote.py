"""A site elsewhere that answers in every way but the right one."""

import json

import pytest

from homeport.cli.remote import InsecureSiteError, RemoteConflictError, RemoteSite, site_address
from homeport.errors import ConflictError, ForbiddenError, HomeportError, InvalidError, NotFoundError, UnavailableError
from tests.factories.servers import answer, raw_server


def ask(*answers):
    with raw_server(*answers) as server:
        return RemoteSite(f"http://127.0.0.1:{server.port}", "hp_one").ask("GET", "/me"), server.heard


def problem(status, **more):
    body = json.dumps({"title": "No", "status": status, "detail": "It says why.", **more}).encode()
    return answer(body, f"{status} No", "Content-Type: application/problem+json")


def test_the_token_goes_along_and_the_answer_comes_back():
    said, heard = ask(answer(b'{"name": "ada"}', "200 OK", "Content-Type: application/json", 'ETag: "7"'))
    assert (said.json, said.etag) == ({"name": "ada"}, '"7"')
    assert b"Authorization: Bearer hp_one" in heard[0]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, ForbiddenError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (412, RemoteConflictError),
        (413, InvalidError),
        (422, InvalidError),
        (428, RemoteConflictError),
        (429, UnavailableError),
        (503, UnavailableError),
    ],
)
def test_a_refusal_is_an_error_of_its_kind_in_one_sentence(status, kind):
    with pytest.raises(kind) as refused:
        ask(problem(status))
    assert "\n" not in str(refused.value)


def test_faults_are_told_by_their_fields():
    with pytest.raises(InvalidError, match="title: Too long"):
        ask(problem(422, faults={"title": "Too long."}))


@pytest.mark.parametrize(
    "said",
    [
        answer(b"<p>Hello", "404 Not Found", "Content-Type: text/html"),
        answer(b"<p>Bad gateway", "502 Bad Gateway", "Content-Type: text/html"),
        answer(b"[", "422 No", "Content-Type: application/problem+json"),
        answer(b"[]", "422 No", "Content-Type: application/problem+json"),
        b"hello\r\n\r\n",
    ],
)
def test_what_is_no_homeport_site_is_told(said):
    with pytest.raises(HomeportError) as refused:
        ask(said)
    assert isinstance(refused.value, UnavailableError)


def test_a_token_is_not_sent_after_a_redirect():
    with raw_server(answer(b"", "301 Moved", "Location: https://elsewhere.example/api/v1/me")) as server:
        with pytest.raises(InvalidError, match="sends us on") as refused:
            RemoteSite(f"http://127.0.0.1:{server.port}", "hp_one").ask("GET", "/me")
        assert len(server.heard) == 1
    assert refused.value.hint == "Try --site https://elsewhere.example"


def test_over_plain_http_nothing_is_sent_to_another_machine():
    with pytest.raises(InsecureSiteError):
        RemoteSite("http://192.0.2.1", "hp_one").ask("GET", "/me")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("example.org", "https://example.org"),
        ("https://Example.org/", "https://example.org"),
        ("http://localhost:5000", "http://localhost:5000"),
    ],
)
def test_an_address_is_read_as_people_type_it(written, address):
    assert site_address(written) == address


@pytest.mark.parametrize("written", ["", "https://example.org/blog", "https://a:b@example.org", "file:///etc"])
def test_what_is_no_address_is_refused(written):
    with pytest.raises(InvalidError):
        site_address(written)
