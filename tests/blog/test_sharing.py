from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.proofs import AuditEvent
from homeport.blog.actions import delete_entry
from homeport.blog.sharing import find_shared, list_links, share_entry, withdraw_link
from homeport.blog.versions import ShareLink
from homeport.errors import ForbiddenError, GoneError, InvalidError, NotFoundError
from tests.factories.blog import make_draft
from tests.factories.members import make_member


@pytest.fixture
def owner(session):
    return make_member(session, "owner")


@pytest.fixture
def entry(session):
    return make_draft(session)


def test_a_link_shows_its_entry(session, owner, entry):
    link = share_entry(session, owner, entry.public_id, days=7)
    assert find_shared(session, link.token).id == entry.id
    assert len(link.token) >= 32


def test_a_link_expires_by_the_databases_clock(session, owner, entry):
    link = share_entry(session, owner, entry.public_id, days=1)
    session.execute(update(ShareLink).values(expires_at=func.now() - timedelta(seconds=1)))
    with pytest.raises(GoneError):
        find_shared(session, link.token)
    assert list_links(session, entry.id) == ()


def test_a_link_without_an_end_works_until_it_is_withdrawn(session, owner, entry):
    link = share_entry(session, owner, entry.public_id, days=None)
    (listed,) = list_links(session, entry.id)
    assert (listed.path, listed.expires_at) == (f"/preview/{link.token}", None)
    withdraw_link(session, owner, entry.public_id, listed.number)
    with pytest.raises(GoneError):
        find_shared(session, link.token)
    assert session.scalars(select(AuditEvent.action)).all() == ["entry.shared", "entry.link_withdrawn"]


def test_a_link_to_what_was_deleted_shows_nothing(session, owner, entry):
    link = share_entry(session, owner, entry.public_id, days=None)
    delete_entry(session, entry)
    with pytest.raises(GoneError):
        find_shared(session, link.token)


def test_a_link_that_never_was_is_not_found(session):
    with pytest.raises(NotFoundError):
        find_shared(session, "guessed")


def test_only_some_lives_can_be_chosen(session, owner, entry):
    with pytest.raises(InvalidError):
        share_entry(session, owner, entry.public_id, days=365)


def test_somebody_elses_entry_is_not_shared_nor_its_link_withdrawn(session, owner, entry):
    author, link = make_member(session, "author"), share_entry(session, owner, entry.public_id, days=None)
    with pytest.raises(ForbiddenError):
        share_entry(session, author, entry.public_id, days=1)
    with pytest.raises(ForbiddenError):
        withdraw_link(session, author, entry.public_id, link.id)


def test_a_link_of_another_entry_cannot_be_withdrawn_here(session, owner, entry):
    other = share_entry(session, owner, make_draft(session).public_id, days=None)
    with pytest.raises(NotFoundError):
        withdraw_link(session, owner, entry.public_id, other.id)
