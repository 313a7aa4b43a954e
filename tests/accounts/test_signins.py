from datetime import timedelta

from sqlalchemy import func, update

from homeport.accounts.models import Account
from homeport.accounts.proofs import SignIn
from homeport.accounts.signins import end_sign_ins, find_member, open_sign_in
from tests.factories.members import make_account


def test_a_token_tells_who_is_signed_in_and_the_table_does_not_hold_it(session, connection):
    account = make_account(session, "editor", name="maria")
    token = open_sign_in(session, account.id, method="password", user_agent="x" * 1000)
    member = find_member(connection, token)
    assert (member.name, member.role, member.account_id) == ("maria", "editor", account.id)
    row = session.get(SignIn, member.sign_in_id)
    assert token.encode() not in row.token_hash
    assert len(row.user_agent) == 300


def test_an_expired_sign_in_opens_nothing(session, connection):
    token = open_sign_in(session, make_account(session).id, method="password")
    session.execute(update(SignIn).values(expires_at=func.now() - timedelta(seconds=1)))
    assert find_member(connection, token) is None


def test_an_account_that_is_switched_off_opens_nothing(session, connection):
    token = open_sign_in(session, make_account(session).id, method="password")
    session.execute(update(Account).values(is_active=False))
    assert find_member(connection, token) is None


def test_all_other_sign_ins_can_be_ended(session, connection):
    account = make_account(session)
    here, there = (open_sign_in(session, account.id, method="password") for _ in range(2))
    mine = find_member(connection, here)
    assert end_sign_ins(session, account.id, but=mine.sign_in_id) == 1
    assert find_member(connection, here) is not None
    assert find_member(connection, there) is None
