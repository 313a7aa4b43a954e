"""One's own account."""

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.models import Account, Author
from homeport.accounts.passwords import is_password
from homeport.accounts.proofs import AuditEvent, SignIn
from homeport.accounts.signins import PROOF, find_member, open_sign_in
from tests.factories.members import make_account, sign_in

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
NEW = "eleven loud lanterns"


@pytest.fixture
def member(session, client):
    return sign_in(session, client, "author", name="ada")


def test_the_page_shows_everything_that_opens_the_account(client, member):
    page = client.get("/account").text
    for words in ("Password", "Passkeys", "One-time codes", "API tokens", "Where you are signed in", "this one"):
        assert words in page


def test_the_name_is_the_one_that_readers_see(client, member, session):
    answer = client.post("/account/name", data={"display_name": " Ada <b>Lovelace</b> "}, headers=SAME_SITE)
    assert answer.status_code == 303
    assert session.scalars(select(Author.name)).one() == "Ada <b>Lovelace</b>"
    assert "<b>" not in client.get("/account").text


def test_a_name_cannot_be_empty(client, member):
    assert client.post("/account/name", data={"display_name": " "}, headers=SAME_SITE).status_code == 422


def test_where_to_be_told_of_comments_is_said_here(client, member, session):
    answer = client.post("/account/mail", data={"email": " ada@example.org "}, headers=SAME_SITE)
    assert answer.location == "/account?done=no-mail-server"
    assert session.scalars(select(Account.email)).one() == "ada@example.org"
    assert "ada@example.org" in client.get("/account").text
    assert client.post("/account/mail", data={"email": ""}, headers=SAME_SITE).location == "/account?done=no-mail"
    assert session.scalars(select(AuditEvent.action)).all() == ["mail.change", "mail.change"]


def test_what_is_no_mail_address_is_refused_and_the_former_one_stays(client, member, session):
    assert client.post("/account/mail", data={"email": "ada at home"}, headers=SAME_SITE).status_code == 422
    assert session.scalars(select(Account.email)).one() == ""


def test_a_new_password_ends_all_other_sign_ins(client, member, session):
    elsewhere = open_sign_in(session, member.account_id, method="password")
    answer = client.post("/account/password", data={"password": NEW}, headers=SAME_SITE)
    assert answer.status_code == 303
    assert is_password(NEW, session.scalars(select(Account.password_hash)).one())
    assert find_member(session.connection(), elsewhere) is None
    assert client.get("/account").status_code == 200
    assert session.scalars(select(AuditEvent.action)).one() == "password.change"


def test_a_weak_password_changes_nothing(client, member, session):
    assert client.post("/account/password", data={"password": "ada"}, headers=SAME_SITE).status_code == 422
    assert session.scalars(select(Account.password_hash)).one() == ""


def test_one_browser_can_be_signed_out(client, member, session):
    token = open_sign_in(session, member.account_id, method="password", user_agent="Mozilla/5.0 (X11; Linux) Firefox/9")
    number = find_member(session.connection(), token).sign_in_id
    assert "Firefox on Linux" in client.get("/account").text
    client.post(f"/account/sign-ins/{number}/end", headers=SAME_SITE)
    assert find_member(session.connection(), token) is None


def test_nobody_signs_another_out(client, member, session):
    token = open_sign_in(session, make_account(session, "owner").id, method="password")
    number = find_member(session.connection(), token).sign_in_id
    client.post(f"/account/sign-ins/{number}/end", headers=SAME_SITE)
    assert find_member(session.connection(), token) is not None


def test_all_others_can_be_signed_out_at_once(client, member, session):
    open_sign_in(session, member.account_id, method="password")
    client.post("/account/sign-ins/end-others", headers=SAME_SITE)
    assert session.scalars(select(SignIn.id)).one() == member.sign_in_id


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/account/password"),
        ("POST", "/account/password"),
        ("GET", "/account/passkeys"),
        ("POST", "/account/passkeys"),
        ("POST", "/account/passkeys/1/removal"),
        ("GET", "/account/codes"),
        ("POST", "/account/codes"),
        ("POST", "/account/codes/off"),
        ("POST", "/account/codes/recovery"),
        ("GET", "/account/tokens"),
        ("POST", "/account/tokens"),
    ],
)
def test_what_opens_the_account_asks_for_a_recent_proof(client, member, session, method, path):
    session.execute(update(SignIn).values(proved_at=func.now() - PROOF))
    answer = client.open(path, method=method, headers=SAME_SITE)
    assert answer.status_code == 303
    assert answer.location.startswith("/account/prove?next=/account/")


def test_a_script_is_told_that_the_proof_is_too_old(client, member, session):
    session.execute(update(SignIn).values(proved_at=func.now() - PROOF))
    answer = client.post("/account/passkeys/options", headers=SAME_SITE | {"Accept": "application/json"})
    assert (answer.status_code, "once more" in answer.json["message"]) == (403, True)
