"""Invitations, and the way back in."""

import pytest
from sqlalchemy import func, select

from homeport.accounts.actions import create_account
from homeport.accounts.models import Account, OneTimeLink
from homeport.accounts.passwords import is_password
from homeport.accounts.people import invite, make_reset_link
from homeport.accounts.proofs import AuditEvent, Passkey, SignIn
from homeport.accounts.signins import open_sign_in
from tests.factories.authenticator import Authenticator
from tests.factories.members import make_account

PASSWORD, NEW = "seven quiet lanterns", "eleven loud lanterns"
FORM = {"display_name": "Grace Hopper", "account_name": "grace", "password": PASSWORD}


class TestJoining:
    @pytest.fixture
    def path(self, session):
        make_account(session, "owner")
        return invite(session, "editor", "Grace")

    def test_an_invitation_gives_its_role(self, client, path, session):
        assert "editor" in client.get(path).text
        answer = client.post(path, data=FORM)
        assert (answer.status_code, answer.location) == (303, "/studio")
        assert session.scalars(select(Account.role).where(Account.name == "grace")).one() == "editor"
        assert client.get("/studio").status_code == 200
        assert "account.join" in session.scalars(select(AuditEvent.action)).all()

    def test_a_role_in_the_form_counts_for_nothing(self, client, path, session):
        client.post(path, data=FORM | {"role": "owner"})
        assert session.scalars(select(Account.role).where(Account.name == "grace")).one() == "editor"

    def test_it_works_once(self, client, path):
        client.post(path, data=FORM)
        again = client.post(path, data=FORM | {"account_name": "eve"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert again.status_code == 410

    def test_a_taken_name_leaves_it_open(self, client, path, session):
        create_account(session, "grace", PASSWORD)
        answer = client.post(path, data=FORM)
        assert answer.status_code == 409
        assert "is taken" in answer.text
        assert client.post(path, data=FORM | {"account_name": "g.hopper"}).status_code == 303

    def test_an_invitation_does_not_reset_a_password(self, client, path):
        assert client.get(path.replace("/join/", "/reset/")).status_code == 410

    def test_a_passkey_comes_with_it(self, client, path, session):
        offered = client.post(f"{path}/passkey", data=FORM).json
        given = {"ticket": offered["ticket"], "credential": Authenticator().create(offered["options"])}
        assert client.post(path, data=FORM | given).status_code == 303
        assert session.scalars(select(Passkey.domain)).one() == "localhost"


class TestComingBack:
    @pytest.fixture
    def ada(self, session):
        return create_account(session, "ada", PASSWORD, role="owner")

    @pytest.fixture
    def path(self, session, ada):
        return make_reset_link(session, "ada")

    def test_the_link_gives_a_new_password_and_signs_out_everywhere(self, client, path, ada, session):
        open_sign_in(session, ada.id, method="password")
        answer = client.post(path, data={"password": NEW})
        assert (answer.status_code, answer.location) == (303, "/account/sign-in?new-password=1")
        session.refresh(ada)
        assert is_password(NEW, ada.password_hash)
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0
        assert "Set-Cookie" not in answer.headers

    def test_it_works_once(self, client, path):
        client.post(path, data={"password": NEW})
        assert client.post(path, data={"password": "twelve red lanterns"}).status_code == 410

    def test_a_weak_password_leaves_it_open(self, client, path):
        assert client.post(path, data={"password": "short"}).status_code == 422
        assert client.post(path, data={"password": NEW}).status_code == 303

    def test_it_expires_within_the_hour(self, client, path, session):
        left = session.scalars(select(OneTimeLink.expires_at - func.now())).one()
        assert left.total_seconds() <= 3600
        session.execute(OneTimeLink.__table__.update().values(expires_at=func.now()))
        assert client.get(path).status_code == 410

    def test_a_newer_one_replaces_it(self, client, path, session):
        newer = make_reset_link(session, "ada")
        assert (client.get(path).status_code, client.get(newer).status_code) == (410, 200)

    def test_not_over_plain_http_from_elsewhere(self, client, path):
        answer = client.post(path, base_url="http://example.org", data={"password": NEW})
        assert answer.status_code == 403
