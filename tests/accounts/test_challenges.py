"""Proofs under way."""

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.challenges import ChallengeGoneError, Purpose, ask, take
from homeport.accounts.proofs import Challenge
from tests.factories.members import make_account


def test_what_was_asked_is_taken_once(own_database):
    ticket, value = ask(own_database, Purpose.SIGN_IN)
    assert len(value) == 32
    assert take(own_database, Purpose.SIGN_IN, ticket).value == value
    with pytest.raises(ChallengeGoneError):
        take(own_database, Purpose.SIGN_IN, ticket)


def test_the_table_does_not_hold_the_ticket(own_database, session):
    ticket, _ = ask(own_database, Purpose.SIGN_IN)
    assert ticket.encode() not in session.scalars(select(Challenge.token_hash)).one()


def test_an_answer_to_one_purpose_is_none_to_another(own_database):
    ticket, _ = ask(own_database, Purpose.SIGN_IN)
    with pytest.raises(ChallengeGoneError):
        take(own_database, Purpose.PROOF, ticket)


def test_what_was_asked_of_one_account_is_not_answered_by_another(own_database, session):
    ada, eve = make_account(session), make_account(session)
    ticket, _ = ask(own_database, Purpose.NEW_PASSKEY, account_id=ada.id)
    with pytest.raises(ChallengeGoneError):
        take(own_database, Purpose.NEW_PASSKEY, ticket, account_id=eve.id)
    assert take(own_database, Purpose.NEW_PASSKEY, ticket, account_id=ada.id).account_id == ada.id


def test_an_answer_can_come_too_late(own_database, session):
    ticket, _ = ask(own_database, Purpose.SIGN_IN)
    session.execute(update(Challenge).values(expires_at=func.now()))
    with pytest.raises(ChallengeGoneError):
        take(own_database, Purpose.SIGN_IN, ticket)
