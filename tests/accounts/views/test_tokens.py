"""API tokens on their owner's page, and on the owners'."""

import re

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.proofs import ApiToken, AuditEvent, SignIn
from homeport.accounts.signins import PROOF
from homeport.accounts.tokens import find_token_member, make_token
from tests.factories.members import make_member, sign_in

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
PAGE = "/account/tokens"


def make(client, **changes):
    given = {"name": "my laptop", "scope": ["read", "write"], "days": "90"} | changes
    return client.post(PAGE, data=given, headers=SAME_SITE)


def test_it_is_shown_once(client, session):
    sign_in(session, client, "author", name="ada")
    token = re.search(r"hp_[A-Za-z0-9_-]{43}\b", make(client).text)[0]
    member = find_token_member(session.connection(), token)
    assert (member.name, sorted(member.permissions)) == ("ada", ["read", "write"])
    page = client.get(PAGE).text
    assert "my laptop" in page
    assert token not in page
    assert session.scalars(select(AuditEvent.action)).one() == "token.create"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 101}, {"scope": []}, {"scope": ["manage"]}, {"scope": ["root"]}, {"days": "-1"}],
)
def test_what_cannot_be_is_refused(client, session, wrong):
    sign_in(session, client, "author")
    assert make(client, **wrong).status_code == 422
    assert session.scalars(select(ApiToken)).all() == []


def test_only_what_the_role_allows_is_offered(client, session):
    sign_in(session, client, "author")
    assert 'value="manage"' not in client.get(PAGE).text


def test_revoking_ends_it(client, session):
    member = sign_in(session, client, "author")
    token = make_token(session, member, "laptop", ["read"], days=None)
    number = session.scalars(select(ApiToken.id)).one()
    client.post(f"{PAGE}/{number}/revocation", headers=SAME_SITE)
    assert find_token_member(session.connection(), token) is None


def test_nobody_but_an_owner_revokes_another_s(client, session):
    token = make_token(session, make_member(session, "author"), "laptop", ["read"], days=None)
    number = session.scalars(select(ApiToken.id)).one()
    sign_in(session, client, "editor")
    client.post(f"{PAGE}/{number}/revocation", headers=SAME_SITE)
    assert client.post(f"/studio/tokens/{number}/revocation", headers=SAME_SITE).status_code == 403
    assert find_token_member(session.connection(), token) is not None
    sign_in(session, client, "owner")
    assert "laptop" in client.get("/studio/tokens").text
    assert client.post(f"/studio/tokens/{number}/revocation", headers=SAME_SITE).status_code == 303
    assert find_token_member(session.connection(), token) is None


def test_an_owner_proves_it_again_first(client, session):
    sign_in(session, client, "owner")
    session.execute(update(SignIn).values(proved_at=func.now() - PROOF))
    answer = client.post("/studio/tokens/1/revocation", headers=SAME_SITE)
    assert answer.location == "/account/prove?next=/studio/tokens"
