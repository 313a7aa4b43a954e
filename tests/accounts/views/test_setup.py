"""The first minute, and everybody who would like to have it instead of the owner."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from homeport.accounts.actions import create_account
from homeport.accounts.links import HOUR
from homeport.accounts.models import Account, Author, OneTimeLink
from homeport.accounts.proofs import AuditEvent, Passkey
from homeport.accounts.setup import make_setup_link
from homeport.web.crosssite import LOCAL_COOKIE
from tests.factories.authenticator import Authenticator

PASSWORD = "seven quiet lanterns"
FORM = {
    "title": "Notes from a hill",
    "address": "https://hill.example.org",
    "display_name": "Maria da Silva",
    "account_name": "",
    "password": PASSWORD,
    "time_zone": "America/Sao_Paulo",
}


@pytest.fixture
def path(session):
    return make_setup_link(session, life=HOUR)


class TestTheOwner:
    def test_the_link_leads_to_an_empty_page_to_write_on(self, client, path, session, site):
        answer = client.post(path, data=FORM)
        assert (answer.status_code, answer.location) == (303, "/studio/entries/new")
        account = session.scalars(select(Account)).one()
        assert (account.name, account.role) == ("maria-da-silva", "owner")
        assert session.scalars(select(Author.name)).one() == "Maria da Silva"
        session.refresh(site)
        assert (site.title, site.address) == ("Notes from a hill", "https://hill.example.org")
        assert (site.time_zone, site.author_name) == ("America/Sao_Paulo", "Maria da Silva")
        assert client.get("/account").status_code == 200
        assert "site.set-up" in session.scalars(select(AuditEvent.action)).all()

    def test_a_passkey_comes_with_it_in_one_touch(self, client, path, session):
        device = Authenticator()
        offered = client.post(f"{path}/passkey", data={"display_name": "Maria da Silva"}).json
        assert offered["options"]["user"]["name"] == "maria-da-silva"
        given = {"ticket": offered["ticket"], "credential": device.create(offered["options"])}
        assert client.post(path, data=FORM | given).status_code == 303
        assert session.scalars(select(Passkey.domain)).one() == "localhost"
        client.delete_cookie(LOCAL_COOKIE)
        asked = client.post("/account/sign-in/passkey/options").json
        given = {"ticket": asked["ticket"], "credential": device.get(asked["options"])}
        assert client.post("/account/sign-in/passkey", data=given).status_code == 303

    def test_an_address_on_this_machine_may_stay_empty(self, client, path, session, site):
        assert client.post(path, data=FORM | {"address": "", "time_zone": ""}).status_code == 303
        session.refresh(site)
        assert (site.address, site.time_zone) == ("", "UTC")

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"password": "secret"}, "at least 12 are needed"),
            ({"address": "hill"}, "not an address such as"),
            ({"display_name": ""}, "your own name is missing"),
            ({"display_name": "!!!"}, "cannot be an account"),
            ({"account_name": "Not A Name"}, "cannot be an account"),
            ({"title": "x" * 201}, "longer than 200"),
            ({"display_name": "Ma\x00ria"}, "control character"),
            ({"time_zone": "Mars/Base"}, "not a time zone"),
            ({"credential": "{}", "ticket": "none"}, "took too long"),
        ],
    )
    def test_a_fault_costs_neither_the_link_nor_what_was_typed(self, client, path, session, wrong, words):
        answer = client.post(path, data=FORM | wrong)
        assert answer.status_code == 422
        assert words.lower() in answer.text.lower()
        assert PASSWORD not in answer.text
        if "title" not in wrong:
            assert 'value="Notes from a hill"' in answer.text
        assert session.scalar(select(func.count()).select_from(Account)) == 0
        assert client.post(path, data=FORM).status_code == 303


class TestStrangers:
    def test_without_the_link_there_is_no_setup(self, client, path):
        assert client.get("/setup").text.count("<form") == 0
        for method in ("get", "post"):
            assert getattr(client, method)("/setup/guessed", data=FORM).status_code == 410
        assert client.post("/setup/guessed/passkey", data=FORM).status_code == 410

    def test_once_there_is_an_account_every_link_is_gone(self, client, path, session):
        create_account(session, "ada", PASSWORD, role="owner")
        for each in (path, "/setup/guessed"):
            assert client.get(each).status_code == 410
            assert client.post(each, data=FORM).status_code == 410
        assert client.get("/setup").location == "/studio"

    def test_a_link_that_was_voided_does_not_come_back_with_the_last_account(self, client, path, session):
        session.delete(create_account(session, "ada", PASSWORD, role="owner"))
        session.flush()
        assert client.get(path).status_code == 410

    def test_it_works_once(self, client, path):
        client.post(path, data=FORM)
        client.delete_cookie(LOCAL_COOKIE)
        assert client.post(path, data=FORM | {"display_name": "Eve"}).status_code == 410

    def test_it_expires(self, client, path, session):
        session.execute(OneTimeLink.__table__.update().values(expires_at=func.now()))
        assert client.get(path).status_code == 410

    def test_a_new_one_replaces_it(self, client, path, session):
        newer = make_setup_link(session, life=HOUR)
        assert (client.get(path).status_code, client.get(newer).status_code) == (410, 200)

    def test_not_over_plain_http_from_elsewhere(self, client, path):
        answer = client.post(path, base_url="http://example.org", data=FORM)
        assert answer.status_code == 403
        assert "plain http" in client.get(path, base_url="http://example.org").text

    def test_two_at_the_same_moment_make_one_owner(self, lasting_app, database):
        with database.transaction() as session:
            path = make_setup_link(session, life=HOUR)

        def claim(name):
            return lasting_app.test_client().post(path, data=FORM | {"display_name": name}).status_code

        with ThreadPoolExecutor(2) as pool:
            statuses = sorted(pool.map(claim, ("Ada", "Eve")))
        assert statuses == [303, 410]
        with database.reader() as connection:
            assert connection.scalar(select(func.count()).select_from(Account)) == 1
