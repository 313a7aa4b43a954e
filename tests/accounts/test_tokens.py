"""API tokens, and what they open."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.models import Account
from homeport.accounts.proofs import ApiToken
from homeport.accounts.tokens import find_token_member, list_tokens, make_token, revoke_token
from tests.factories.members import make_member


@pytest.fixture
def member(session):
    return make_member(session, "editor")


def test_it_is_long_random_and_known_by_its_prefix(session, member):
    token = make_token(session, member, "laptop", ["read"], days=30)
    assert re.fullmatch(r"hp_[A-Za-z0-9_-]{43}", token)
    assert token.encode() not in session.scalars(select(ApiToken.token_hash)).one()


def test_it_may_do_what_both_its_scopes_and_its_account_may(session, connection, member):
    token = make_token(session, member, "laptop", ["read", "edit"], days=None)
    found = find_token_member(connection, token)
    assert (found.permissions, found.sign_in_id, found.is_proved) == ({"read", "edit"}, None, False)
    session.execute(update(Account).values(role="author"))
    assert find_token_member(connection, token).permissions == {"read"}


@pytest.mark.parametrize("change", [{"revoked_at": func.now()}, {"expires_at": func.now() - timedelta(seconds=1)}])
def test_one_that_is_over_opens_nothing(session, connection, member, change):
    token = make_token(session, member, "laptop", ["read"], days=30)
    session.execute(update(ApiToken).values(change))
    assert find_token_member(connection, token) is None
    assert list_tokens(connection) == ()


def test_one_of_an_account_that_is_switched_off_opens_nothing(session, connection, member):
    token = make_token(session, member, "laptop", ["read"], days=30)
    session.execute(update(Account).values(is_active=False))
    assert find_token_member(connection, token) is None


@pytest.mark.parametrize("token", ["", "hp_", "hp_" + "x" * 43, "nonsense", "hp_\x00"])
def test_what_is_no_token_opens_nothing(connection, token):
    assert find_token_member(connection, token) is None


def test_it_is_revoked_once_and_by_its_owner(session, member):
    make_token(session, member, "laptop", ["read"], days=30)
    number = session.scalars(select(ApiToken.id)).one()
    assert revoke_token(session, number, account_id=member.account_id + 1) is None
    assert revoke_token(session, number, account_id=member.account_id) == "laptop"
    assert revoke_token(session, number) is None
