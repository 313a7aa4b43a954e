"""What owners do about people."""

import re

import pytest
from sqlalchemy import func, select, update

from homeport.accounts.models import Account, OneTimeLink
from homeport.accounts.proofs import AuditEvent, SignIn
from homeport.accounts.signins import PROOF, find_member, open_sign_in
from homeport.blog.actions import change_site
from tests.factories.members import make_account, sign_in

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
PAGE = "/studio/people"


@pytest.fixture
def owner(session, client):
    return sign_in(session, client, "owner", name="ada")


@pytest.fixture
def act(client):
    def act(path, **given):
        return client.post(f"{PAGE}/{path}", data=given, headers=SAME_SITE)

    return act


def test_everybody_is_listed(client, owner, session):
    make_account(session, "author", name="grace")
    page = client.get(PAGE).text
    assert "Ada" in page
    assert "Grace" in page


def test_a_role_counts_from_the_next_request_on(client, owner, session, act):
    grace = make_account(session, "author", name="grace")
    token = open_sign_in(session, grace.id, method="password")
    assert act("grace/role", role="editor").status_code == 303
    assert find_member(session.connection(), token).role == "editor"
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject, event.details) == ("account.role", "grace", {"now": "editor"})


def test_who_is_switched_off_is_out_at_once_and_may_come_back(client, owner, session, act):
    grace = make_account(session, "author", name="grace")
    token = open_sign_in(session, grace.id, method="password")
    act("grace/disabling")
    assert find_member(session.connection(), token) is None
    assert "switched off" in client.get(PAGE).text
    act("grace/enabling")
    assert session.scalars(select(Account.is_active).where(Account.name == "grace")).one()


@pytest.mark.parametrize(("path", "given"), [("ada/role", {"role": "editor"}), ("ada/disabling", {})])
def test_the_last_owner_stays(client, owner, session, act, path, given):
    answer = act(path, **given)
    assert answer.status_code == 409
    assert "last owner" in answer.text
    assert session.scalars(select(Account.role).where(Account.is_active)).one() == "owner"


def test_a_role_nobody_knows_is_refused(owner, session, act):
    make_account(session, "author", name="grace")
    assert act("grace/role", role="root").status_code == 422


def test_an_invitation_is_shown_once_and_can_be_withdrawn(client, owner, session, act):
    answer = act("invitations", role="editor", note="Grace")
    path = re.search(r"/account/join/[A-Za-z0-9_-]{43}", answer.text)[0]
    page = client.get(PAGE).text
    assert "Grace, editor" in page
    assert path not in page
    number = session.scalars(select(OneTimeLink.id)).one()
    act(f"invitations/{number}/revocation")
    assert client.get(path).status_code == 410
    assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all() == [
        "invitation.create",
        "invitation.withdraw",
    ]


@pytest.mark.parametrize(
    ("address", "origin"), [("", "http://localhost"), ("https://hill.example", "https://hill.example")]
)
def test_a_link_to_be_sent_is_complete_also_on_a_site_without_an_address(owner, session, act, address, origin):
    change_site(session, address=address)
    assert f">{origin}/account/join/" in act("invitations", role="editor").text


def test_a_setup_or_reset_link_is_no_invitation_to_withdraw(owner, session, act):
    make_account(session, "author", name="grace")
    act("grace/reset-link")
    number = session.scalars(select(OneTimeLink.id)).one()
    act(f"invitations/{number}/revocation")
    assert session.scalars(select(OneTimeLink.id)).one() == number


def test_an_owner_can_let_somebody_back_in(client, owner, session, act):
    make_account(session, "author", name="grace")
    path = re.search(r"/account/reset/[A-Za-z0-9_-]{43}", act("grace/reset-link").text)[0]
    assert client.get(path).status_code == 200


def test_not_somebody_who_is_switched_off(owner, session, act):
    make_account(session, "author", name="grace").is_active = False
    session.flush()
    assert act("grace/reset-link").status_code == 409


@pytest.mark.parametrize("path", ["x/role", "x/disabling", "x/enabling", "x/reset-link", "invitations"])
def test_an_owner_proves_it_again_first(owner, session, act, path):
    session.execute(update(SignIn).values(proved_at=func.now() - PROOF))
    assert act(path).location == "/account/prove?next=/studio/people"


@pytest.mark.parametrize("path", ["nobody/role", "nobody/disabling", "nobody/enabling", "nobody/reset-link"])
def test_nobody_is_not_found(owner, act, path):
    assert act(path, role="editor").status_code == 404
