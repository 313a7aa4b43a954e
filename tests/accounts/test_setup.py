"""The link that a new site tells in its log."""

import logging

import pytest
from sqlalchemy import func, select

from homeport.accounts.links import LinkGoneError
from homeport.accounts.models import OneTimeLink
from homeport.accounts.setup import announce_setup, find_setup_link
from homeport.ops.announcement import setup_link_in
from tests.factories.members import make_account
from tests.factories.statements import recorded


@pytest.fixture
def announced(own_database, caplog):
    def announced():
        caplog.clear()
        announce_setup(own_database, "http://localhost:5000")
        return setup_link_in(caplog.text)

    return announced


def test_each_start_tells_a_new_link_and_the_former_one_is_void(announced, connection):
    former, newer = (announced().rpartition("/")[2] for _ in range(2))
    assert find_setup_link(connection, newer).purpose == "setup"
    with pytest.raises(LinkGoneError):
        find_setup_link(connection, former)


def test_it_lives_for_a_day(announced, session):
    announced()
    left = session.scalars(select(OneTimeLink.expires_at - func.now())).one()
    assert left.total_seconds() == 24 * 3600


def test_a_site_with_an_account_tells_none_and_asks_one_statement(announced, session, connection):
    make_account(session, "author")
    with recorded(connection) as made:
        assert announced() == ""
    assert len([one for one in made if "SAVEPOINT" not in one]) == 1


def test_who_wants_to_hear_of_warnings_only_still_gets_in(announced):
    everything = logging.getLogger()
    before = everything.level
    everything.setLevel(logging.WARNING)
    try:
        assert announced()
    finally:
        everything.setLevel(before)
