import pytest

from homeport.web.crosssite import COOKIE
from tests.factories.members import sign_in


def test_a_visitor_is_led_to_where_to_sign_in(client):
    answer = client.get("/studio?x=1")
    assert (answer.status_code, answer.location) == (302, "/account/sign-in?next=/studio%3Fx%3D1")


def test_a_script_is_told_in_its_own_tongue(client):
    answer = client.get("/studio", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (401, "Sign in first")


@pytest.mark.parametrize("role", ["author", "editor", "owner"])
def test_every_member_may_see_the_studio(client, session, role):
    sign_in(session, client, role)
    answer = client.get("/studio")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_stranger_s_cookie_opens_nothing(client):
    client.set_cookie(COOKIE, "forged")
    assert client.get("/studio").status_code == 302


def test_scripts_may_run_for_authors_and_not_for_readers(client, session):
    sign_in(session, client)
    assert "script-src 'self'" in client.get("/studio").headers["Content-Security-Policy"]
    assert "script-src" not in client.get("/").headers["Content-Security-Policy"]
