from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.guard import requires, signed_in
from homeport.accounts.permissions import Permission
from homeport.accounts.proofs import ApiToken, SignIn
from homeport.accounts.signins import SEEN_EVERY
from homeport.accounts.tokens import make_token
from homeport.web.crosssite import COOKIE
from tests.factories.members import make_member, sign_in


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


class TestTokens:
    @pytest.fixture
    def client(self, app):
        @app.get("/api/v1/anything")
        @requires(Permission.WRITE)
        def anything():
            return signed_in().name

        return app.test_client()

    @pytest.fixture
    def token(self, session):
        return make_token(session, make_member(session, "author"), "laptop", ["read", "write"], days=30)

    def ask(self, client, token, path="/api/v1/anything", **more):
        return client.get(path, headers={"Authorization": f"Bearer {token}"}, **more)

    def test_a_token_opens_the_api(self, client, token, session):
        assert self.ask(client, token).status_code == 200
        assert session.scalars(select(ApiToken.used_at)).one() is not None

    def test_and_nothing_else(self, client, token):
        assert self.ask(client, token, "/studio").status_code == 302

    def test_a_token_without_the_scope_is_refused(self, client, session):
        token = make_token(session, make_member(session, "owner"), "laptop", ["read"], days=30)
        assert self.ask(client, token).status_code == 403

    @pytest.mark.parametrize("token", ["", "hp_forged", "x" * 9000])
    def test_a_forged_one_opens_nothing_even_beside_a_good_cookie(self, client, session, token):
        sign_in(session, client, "owner")
        assert self.ask(client, token).status_code == 401
        assert self.ask(client, token, "/studio").status_code == 302


def test_being_seen_is_noted_and_keeps_a_sign_in_alive(client, session):
    sign_in(session, client)
    session.execute(update(SignIn).values(seen_at=func.now() - timedelta(days=9), expires_at=func.now() + SEEN_EVERY))
    client.get("/studio")
    assert session.scalars(select(SignIn.seen_at == func.now())).one()
    assert session.scalars(select(SignIn.expires_at > func.now() + timedelta(days=29))).one()
