from datetime import timedelta

from sqlalchemy import func, insert, select

from homeport.accounts.jobs import LINK_GRACE, purge
from homeport.accounts.models import OneTimeLink
from homeport.accounts.proofs import Challenge, RateCount, SignIn
from tests.factories.members import make_account

MINUTE = timedelta(minutes=1)


def test_what_is_over_is_thrown_away_and_what_holds_stays(session, own_database, settings):
    account = make_account(session)
    for number, age in enumerate((MINUTE, -MINUTE)):
        secret, ends_at = bytes([number]), func.now() - age
        session.execute(insert(Challenge).values(purpose="x", token_hash=secret, challenge=b"", expires_at=ends_at))
        session.execute(insert(SignIn).values(account_id=account.id, token_hash=secret, method="x", expires_at=ends_at))
        session.execute(insert(OneTimeLink).values(purpose="setup", token_hash=secret, expires_at=ends_at - LINK_GRACE))
        session.execute(insert(RateCount).values(key="x", window_start=ends_at - timedelta(days=1)))
    for _ in range(2):
        purge(own_database, settings, {})
    left = [session.scalar(select(func.count()).select_from(model)) for model in (Challenge, SignIn, OneTimeLink)]
    assert left == [1, 1, 1]
    assert session.scalar(select(func.count()).select_from(RateCount)) == 1
