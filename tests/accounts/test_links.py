"""One-time links."""

import pytest
from sqlalchemy import select

from homeport.accounts.links import (
    HOUR,
    INVITATION,
    RESET,
    SETUP,
    LinkGoneError,
    find_link,
    list_invitations,
    make_link,
    use_link,
    withdraw_links,
)
from homeport.accounts.models import OneTimeLink
from tests.factories.members import make_account


def token_of(path):
    return path.rpartition("/")[2]


def test_the_table_does_not_hold_what_opens(session):
    path = make_link(session, SETUP, life=HOUR)
    assert path.startswith("/setup/")
    assert token_of(path).encode() not in session.scalars(select(OneTimeLink.token_hash)).one()


def test_a_link_is_taken_once(session, connection):
    token = token_of(make_link(session, INVITATION, life=HOUR, role="editor"))
    assert find_link(connection, INVITATION, token).role == "editor"
    assert use_link(session, INVITATION, token).role == "editor"
    with pytest.raises(LinkGoneError):
        use_link(session, INVITATION, token)
    with pytest.raises(LinkGoneError):
        find_link(connection, INVITATION, token)


@pytest.mark.parametrize("purpose", [SETUP, RESET])
def test_a_link_opens_only_what_it_is_for(session, connection, purpose):
    token = token_of(make_link(session, INVITATION, life=HOUR))
    with pytest.raises(LinkGoneError):
        find_link(connection, purpose, token)


def test_a_link_that_has_expired_opens_nothing(session):
    token = token_of(make_link(session, RESET, life=-HOUR))
    with pytest.raises(LinkGoneError):
        use_link(session, RESET, token)


def test_the_links_of_one_account_can_be_withdrawn(session):
    ada, eve = make_account(session), make_account(session)
    for account in (ada, eve):
        make_link(session, RESET, life=HOUR, account_id=account.id)
    withdraw_links(session, RESET, account_id=ada.id)
    assert session.scalars(select(OneTimeLink.account_id)).all() == [eve.id]


def test_only_open_invitations_are_listed(session, connection):
    make_link(session, INVITATION, life=HOUR, note="open")
    make_link(session, INVITATION, life=-HOUR, note="over")
    make_link(session, SETUP, life=HOUR)
    assert [one.note for one in list_invitations(connection)] == ["open"]
