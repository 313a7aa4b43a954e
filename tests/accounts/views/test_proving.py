"""Proving again who is there."""

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.actions import create_account
from homeport.accounts.proofs import Passkey, SignIn
from homeport.accounts.signins import PROOF, find_member, open_sign_in
from homeport.web.crosssite import LOCAL_COOKIE
from tests.factories.authenticator import Authenticator

PASSWORD = "seven quiet lanterns"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def member(session, client):
    account = create_account(session, "ada", PASSWORD, role="owner")
    token = open_sign_in(session, account.id, method="password")
    client.set_cookie(LOCAL_COOKIE, token, domain="localhost")
    return find_member(session.connection(), token)


@pytest.fixture
def grow_old(session):
    def grow_old():
        session.execute(update(SignIn).values(proved_at=func.now() - PROOF))

    return grow_old


def prove(client, **given):
    return client.post("/account/prove", data=given, headers=SAME_SITE)


def test_the_password_proves_it_and_leads_on(client, member, grow_old):
    grow_old()
    answer = prove(client, password=PASSWORD, next="/account/password")
    assert (answer.status_code, answer.location) == (303, "/account/password")
    assert client.get("/account/password").status_code == 200


def test_a_wrong_one_does_not(client, member, grow_old):
    grow_old()
    assert prove(client, password="seven loud lanterns").status_code == 422
    assert client.get("/account/password").status_code == 303


def test_it_leads_nowhere_else(client, member, grow_old):
    assert prove(client, password=PASSWORD, next="//evil.example").location == "/studio"
    assert client.get("/account/prove?next=//evil.example").location == "/studio"


def test_guessing_ends(client, member, grow_old, session):
    far = {"REMOTE_ADDR": "203.0.112.9"}
    last = [
        client.post("/account/prove", data={"password": "x"}, headers=SAME_SITE, environ_overrides=far).status_code
        for _ in range(11)
    ]
    assert last == [422] * 10 + [429]


class TestPasskey:
    @pytest.fixture
    def device(self, client, member):
        device = Authenticator()
        offered = client.post("/account/passkeys/options", headers=SAME_SITE).json
        given = {"ticket": offered["ticket"], "credential": device.create(offered["options"])}
        client.post("/account/passkeys", data=given, headers=SAME_SITE)
        return device

    def give(self, client, device):
        offered = client.post("/account/prove/passkey/options", headers=SAME_SITE).json
        given = {"ticket": offered["ticket"], "credential": device.get(offered["options"]), "next": "/account/codes"}
        return client.post("/account/prove/passkey", data=given, headers=SAME_SITE)

    def test_one_s_own_proves_it(self, client, device, grow_old):
        grow_old()
        assert self.give(client, device).location == "/account/codes"
        assert client.get("/account/codes").status_code == 200

    def test_another_s_does_not(self, client, device, grow_old, session):
        grow_old()
        other = create_account(session, "eve", PASSWORD)
        session.execute(update(Passkey).values(account_id=other.id))
        device.handle = other.handle.bytes
        assert self.give(client, device).status_code == 422
        assert session.scalars(select(SignIn.proved_at < func.now())).one()
