"""Passkeys from making to signing in, with a device in software whose every word can be wrong."""

import pytest
from sqlalchemy import select, update

from homeport.accounts.models import Account
from homeport.accounts.proofs import AuditEvent, Passkey, SignIn
from homeport.web.crosssite import LOCAL_COOKIE
from tests.factories.authenticator import Authenticator
from tests.factories.members import sign_in

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
DOOR = "/account/sign-in/passkey"


@pytest.fixture
def member(session, client):
    return sign_in(session, client, "editor", name="ada")


@pytest.fixture
def add(client):
    """Make a passkey with a device, as the page and its script do."""

    def add(device, name="phone"):
        offered = client.post("/account/passkeys/options", headers=SAME_SITE).json
        given = {"ticket": offered["ticket"], "credential": device.create(offered["options"]), "name": name}
        return client.post("/account/passkeys", data=given, headers=SAME_SITE)

    return add


@pytest.fixture
def knock(client):
    """Sign in with a device from a browser that nobody is signed in to."""

    def knock(device, **changes):
        client.delete_cookie(LOCAL_COOKIE)
        offered = client.post(f"{DOOR}/options").json
        given = {"ticket": offered["ticket"], "credential": device.get(offered["options"]), **changes}
        return client.post(DOOR, data=given)

    return knock


def test_a_passkey_signs_in_and_counts_for_both_factors(client, member, add, knock, session):
    session.execute(update(Account).values(totp_secret="JBSWY3DPEHPK3PXP"))
    device = Authenticator()
    assert add(device).status_code == 303
    answer = knock(device)
    assert (answer.status_code, answer.location) == (303, "/studio")
    assert session.scalars(select(SignIn.method).order_by(SignIn.id.desc())).first() == "passkey"
    assert client.get("/studio").status_code == 200


def test_several_belong_to_one_account_each_with_its_domain(client, member, add, knock, session):
    phone, key = Authenticator(), Authenticator()
    add(phone)
    add(key, name="")
    page = client.get("/account/passkeys").text
    assert page.count("<td>localhost") == 2
    assert "A browser" in page
    assert [knock(each).status_code for each in (phone, key)] == [303, 303]
    events = session.scalars(select(AuditEvent.action)).all()
    assert events.count("passkey.add") == 2


def test_what_exists_is_not_offered_to_be_made_again(client, member, add):
    device = Authenticator()
    add(device)
    known = client.post("/account/passkeys/options", headers=SAME_SITE).json["options"]["excludeCredentials"]
    assert len(known) == 1


def test_one_device_never_opens_two_accounts(client, member, add, session):
    device = Authenticator()
    add(device)
    sign_in(session, client, "author", name="eve")
    answer = add(device)
    assert answer.status_code == 409
    assert "opens an account already" in answer.text


def test_a_removed_one_opens_nothing(client, member, add, knock, session):
    device = Authenticator()
    add(device)
    number = session.scalars(select(Passkey.id)).one()
    assert client.post(f"/account/passkeys/{number}/removal", headers=SAME_SITE).status_code == 303
    assert knock(device).status_code == 422


def test_nobody_removes_another_s(client, member, add, session):
    add(Authenticator())
    number = session.scalars(select(Passkey.id)).one()
    sign_in(session, client, "owner", name="eve")
    client.post(f"/account/passkeys/{number}/removal", headers=SAME_SITE)
    assert session.scalars(select(Passkey.id)).one() == number


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://evil.example"}, {"domain": "evil.example"}, {"is_verified": False}],
    ids=lambda wrong: next(iter(wrong)),
)
class TestAWrongWord:
    def test_makes_no_passkey(self, member, add, session, wrong):
        assert add(Authenticator(**wrong)).status_code == 422
        assert session.scalars(select(Passkey)).all() == []

    def test_signs_nobody_in(self, member, add, knock, wrong):
        device = Authenticator()
        add(device)
        for name, value in wrong.items():
            setattr(device, name, value)
        assert knock(device).status_code == 422


class TestSigning:
    @pytest.fixture
    def device(self, member, add):
        device = Authenticator()
        assert add(device).status_code == 303
        return device

    def test_a_signature_is_good_for_its_own_challenge(self, client, device, knock):
        offered = client.post(f"{DOOR}/options", headers=SAME_SITE).json
        assert knock(device, credential=device.get(offered["options"])).status_code == 422

    def test_a_challenge_is_answered_once(self, client, device):
        client.delete_cookie(LOCAL_COOKIE)
        offered = client.post(f"{DOOR}/options").json
        given = {"ticket": offered["ticket"], "credential": device.get(offered["options"])}
        statuses = []
        for _ in range(2):
            client.delete_cookie(LOCAL_COOKIE)
            statuses.append(client.post(DOOR, data=given).status_code)
        assert statuses == [303, 422]

    def test_a_challenge_for_making_one_is_none_for_signing_in(self, client, device, knock):
        sign_in_again = client.post("/account/prove/passkey/options", headers=SAME_SITE).json
        given = {"ticket": sign_in_again["ticket"], "credential": device.get(sign_in_again["options"])}
        assert knock(device, **given).status_code == 422

    def test_a_copy_of_the_device_is_noticed(self, device, knock):
        device.sign_count = 7
        assert knock(device).status_code == 303
        device.sign_count = 3
        assert knock(device).status_code == 422

    def test_the_handle_of_another_account_is_refused(self, device, knock):
        device.handle = bytes(16)
        assert knock(device).status_code == 422

    def test_a_signature_by_another_key_is_refused(self, device, knock):
        assert knock(Authenticator(credential_id=device.credential_id, handle=device.handle)).status_code == 422

    def test_who_is_switched_off_stays_out(self, device, knock, session):
        session.execute(update(Account).values(is_active=False))
        assert knock(device).status_code == 422

    def test_a_passkey_of_a_former_domain_opens_nothing_here(self, device, knock, session):
        session.execute(update(Passkey).values(domain="former.example"))
        assert knock(device).status_code == 422
