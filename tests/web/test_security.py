import pytest

from homeport.site.actions import update_site


@pytest.mark.parametrize("path", ["/", "/nothing", "/healthz", "/feed.atom", "/robots.txt"])
def test_every_answer_is_locked_down(client, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_images_from_elsewhere_are_allowed_only_when_the_owner_says_so(client, session):
    assert "img-src 'self' data:;" in client.get("/").headers["Content-Security-Policy"]
    update_site(session, remote_images=True)
    assert "img-src 'self' data: https:;" in client.get("/").headers["Content-Security-Policy"]


def test_https_is_promised_only_by_a_site_that_lives_there(client, session):
    assert "Strict-Transport-Security" not in client.get("/").headers
    update_site(session, address="https://example.org")
    assert "max-age=31536000" in client.get("/").headers["Strict-Transport-Security"]


def test_a_forged_host_changes_no_address_on_the_page(client, session):
    update_site(session, address="https://example.org")
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    assert client.get("/", headers=forged).data == client.get("/").data
    assert "evil.example" not in client.get("/nothing", headers=forged).text
