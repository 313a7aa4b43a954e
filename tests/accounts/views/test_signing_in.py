"""The door, tried by its owner and by strangers."""

import re
from datetime import UTC, datetime

import pyotp
import pytest
from sqlalchemy import func, select, update

from homeport.accounts import credentials
from homeport.accounts.actions import create_account
from homeport.accounts.models import Account
from homeport.accounts.passwords import BusyHashingError
from homeport.accounts.proofs import AuditEvent, RateCount, SignIn
from homeport.accounts.secondfactor import new_secret, switch_on
from homeport.web.crosssite import COOKIE, LOCAL_COOKIE

PASSWORD = "seven quiet lanterns"
PATH = "/account/sign-in"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
PROXY = {"REMOTE_ADDR": "172.18.0.2"}


@pytest.fixture
def ada(session):
    return create_account(session, "ada", PASSWORD, role="owner", display_name="Ada Lovelace")


@pytest.fixture
def codes(session, ada):
    """Switch codes on for Ada, minutes ago; return what her phone makes codes with."""
    phone = pyotp.TOTP(new_secret())
    paper = switch_on(session, ada.id, phone.secret, phone.now())
    session.execute(update(Account).values(totp_used_step=0))
    return phone, paper


def give(client, name="ada", password=PASSWORD, path=PATH, **more):
    return client.post(path, data={"name": name, "password": password, **more}, headers=SAME_SITE)


def hidden(answer, name):
    return re.search(f'name="{name}" value="([^"]*)"', answer.text)[1]


class TestPassword:
    def test_the_right_one_leads_to_the_studio(self, client, ada):
        answer = give(client)
        assert (answer.status_code, answer.location) == (303, "/studio")
        cookie = client.get_cookie(LOCAL_COOKIE)
        assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
        assert client.get("/studio").status_code == 200

    def test_over_https_the_cookie_is_kept_to_secure_connections_of_this_host(self, client, ada):
        answer = client.post(PATH, base_url="https://example.org", data={"name": "ada", "password": PASSWORD})
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith(f"{COOKIE}=")
        assert "Secure" in cookie
        assert "Domain" not in cookie

    def test_the_name_is_taken_in_capitals_and_with_blanks(self, client, ada):
        assert give(client, name=" Ada ").status_code == 303

    def test_a_wrong_one_and_an_unknown_name_get_the_same_answer(self, client, ada):
        wrong, unknown = give(client, password="seven loud lanterns"), give(client, name="eve")
        assert (wrong.status_code, unknown.status_code) == (422, 422)
        assert wrong.text.replace("ada", "eve") == unknown.text
        assert "Set-Cookie" not in wrong.headers

    def test_an_unknown_name_costs_the_same_work(self, client, ada, monkeypatch):
        looked_at = []
        monkeypatch.setattr(credentials, "is_password", lambda password, stored: looked_at.append(stored) or False)
        give(client)
        give(client, name="eve")
        assert [bool(stored) for stored in looked_at] == [True, False]

    def test_who_is_switched_off_gets_the_answer_of_strangers(self, client, ada, session):
        session.execute(update(Account).values(is_active=False))
        assert give(client).text == give(client, password="seven loud lanterns").text

    @pytest.mark.parametrize("name", ["ada\x00", "ada\r\nSet-Cookie: a=b", "a" * 5000, "", "'; drop table account; --"])
    def test_what_is_no_name_is_refused(self, client, ada, name):
        assert give(client, name=name).status_code == 422

    @pytest.mark.parametrize("password", ["", "\x00" * 20, "x" * 100_000, "\ud7ff" * 1500])
    def test_what_is_no_password_is_refused(self, client, ada, password):
        assert give(client, password=password).status_code == 422

    def test_what_was_typed_comes_back_without_the_password(self, client, ada):
        answer = give(client, name='"><script>alert(1)</script>', password="seven loud lanterns")
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;" in answer.text
        assert "lanterns" not in answer.text

    def test_too_many_at_once_are_asked_to_come_again(self, client, ada, monkeypatch):
        def busy(*_):
            raise BusyHashingError("many people are signing in", retry_after=3)

        monkeypatch.setattr(credentials, "is_password", busy)
        answer = give(client)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")

    def test_a_hash_of_former_cost_is_made_anew(self, client, ada, session, monkeypatch):
        monkeypatch.setattr(credentials, "needs_new_hash", lambda _: True)
        before = ada.password_hash
        assert give(client).status_code == 303
        session.refresh(ada)
        assert ada.password_hash != before


class TestSession:
    def test_a_cookie_that_was_planted_before_is_never_taken_over(self, client, ada):
        client.set_cookie(LOCAL_COOKIE, "planted", domain="localhost")
        give(client)
        assert client.get_cookie(LOCAL_COOKIE).value != "planted"

    def test_signing_in_again_ends_what_the_browser_had_before(self, client, ada, session):
        give(client)
        give(client)
        assert session.scalar(select(func.count()).select_from(SignIn)) == 1

    def test_signing_out_ends_it_on_the_server_too(self, client, ada):
        give(client)
        token = client.get_cookie(LOCAL_COOKIE).value
        assert client.post("/account/sign-out", headers=SAME_SITE).status_code == 303
        client.set_cookie(LOCAL_COOKIE, token, domain="localhost")
        assert client.get("/studio").status_code == 302

    def test_who_is_signed_in_does_not_see_the_door(self, client, ada):
        give(client)
        assert client.get(f"{PATH}?next=/account").location == "/account"

    def test_it_is_written_down(self, client, ada, session):
        give(client)
        event = session.scalars(select(AuditEvent)).one()
        assert (event.action, event.account_name, event.details) == ("sign-in.open", "ada", {"method": "password"})


class TestWhereItLeads:
    def test_on_to_where_one_was_going(self, client, ada):
        assert give(client, next="/studio/entries?state=draft").location == "/studio/entries?state=draft"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/studio\r\nLocation: https://evil.example",
            "javascript:alert(1)",
            "evil.example",
            " //evil.example",
            "///evil.example",
            "http:///evil.example",
        ],
    )
    def test_never_off_this_site(self, client, ada, elsewhere):
        assert give(client, next=elsewhere).location == "/studio"
        assert "evil" not in client.get(PATH, query_string={"next": elsewhere}).headers.get("Location", "")


def test_before_anybody_can_pass_it_leads_to_where_the_first_one_is_made(client):
    answer = client.get(PATH)
    assert (answer.status_code, answer.location) == (303, "/setup")


class TestConnection:
    @pytest.mark.parametrize("path", [PATH, f"{PATH}/code", f"{PATH}/passkey", f"{PATH}/passkey/options"])
    def test_plain_http_from_elsewhere_is_refused_with_a_sentence(self, client, ada, path):
        answer = client.post(path, base_url="http://example.org", data={"name": "ada", "password": PASSWORD})
        assert answer.status_code == 403
        assert "plain http" in answer.text
        assert "TRUSTED_PROXIES" in answer.text

    def test_the_form_is_not_even_shown(self, client, ada):
        page = client.get(PATH, base_url="http://example.org").text
        assert "<form" not in page
        assert "plain http" in page

    def test_a_forwarded_https_counts_only_from_a_trusted_proxy(self, client, ada):
        answer = client.post(
            PATH,
            base_url="http://example.org",
            headers={"X-Forwarded-Proto": "https"},
            data={"name": "ada", "password": PASSWORD},
        )
        assert answer.status_code == 403


class TestLimits:
    def test_an_account_can_be_tried_ten_times_in_a_quarter_from_one_address(self, client, ada, monkeypatch):
        monkeypatch.setattr(credentials, "is_password", lambda *_: False)
        far = {"REMOTE_ADDR": "203.0.112.7"}
        data = {"name": "ada", "password": "x"}
        tries = [client.post(PATH, data=data, environ_overrides=far).status_code for _ in range(11)]
        assert tries == [422] * 10 + [429]
        answer = client.post(PATH, data=data, environ_overrides=far)
        assert int(answer.headers["Retry-After"]) > 0
        other = client.post(PATH, data=data, environ_overrides={"REMOTE_ADDR": "198.51.99.7"})
        assert other.status_code == 422

    def test_even_the_right_password_waits_then(self, client, ada, monkeypatch):
        far = {"REMOTE_ADDR": "203.0.112.7"}
        with monkeypatch.context() as patch:
            patch.setattr(credentials, "is_password", lambda *_: False)
            for _ in range(10):
                client.post(PATH, data={"name": "ada", "password": "x"}, environ_overrides=far)
        answer = client.post(PATH, data={"name": "ada", "password": PASSWORD}, environ_overrides=far)
        assert answer.status_code == 429

    def test_one_address_cannot_try_many_names(self, client, monkeypatch):
        monkeypatch.setattr(credentials, "is_password", lambda *_: False)
        far = {"REMOTE_ADDR": "2a00:1450:4001:81b::1"}
        tries = [
            client.post(PATH, data={"name": f"n{number}", "password": "x"}, environ_overrides=far).status_code
            for number in range(41)
        ]
        assert tries[39:] == [422, 429]
        near = client.post(
            PATH, data={"name": "m", "password": "x"}, environ_overrides={"REMOTE_ADDR": "2a00:1450:4001:81b:ffff::2"}
        )
        assert near.status_code == 429

    def test_what_may_be_a_proxy_s_address_locks_nobody_else_out(self, client, ada, monkeypatch):
        monkeypatch.setattr(credentials, "is_password", lambda *_: False)
        proxy = {"REMOTE_ADDR": "172.18.0.2"}
        for number in range(60):
            client.post(PATH, data={"name": f"n{number}", "password": "x"}, environ_overrides=proxy)
        answer = client.post(PATH, data={"name": "ada", "password": "x"}, environ_overrides=proxy)
        assert answer.status_code == 422


class TestStrangersAtTheDoor:
    """Behind a proxy that is not named, strangers cannot be told apart; the owner's browser still can."""

    @pytest.fixture
    def strangers(self, app, ada, monkeypatch):
        def strangers(tries=61, name="ada"):
            client = app.test_client()
            with monkeypatch.context() as patch:
                patch.setattr(credentials, "is_password", lambda *_: False)
                return [
                    client.post(PATH, data={"name": name, "password": "x"}, environ_overrides=PROXY)
                    for _ in range(tries)
                ]

        return strangers

    def come_in(self, client, password=PASSWORD):
        return client.post(PATH, data={"name": "ada", "password": password}, headers=SAME_SITE, environ_overrides=PROXY)

    def leave(self, client):
        client.post("/account/sign-out", headers=SAME_SITE)

    def test_a_browser_that_was_in_before_comes_in_whatever_they_try(self, client, strangers):
        self.come_in(client)
        self.leave(client)
        assert strangers()[-1].status_code == 429
        assert self.come_in(client).status_code == 303

    def test_another_one_is_told_that_a_passkey_still_opens_and_when_to_come_again(self, client, strangers):
        strangers()
        answer = self.come_in(client)
        assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
        assert re.search(
            r"Passwords were tried too often\. Try again in \d+ (minutes|seconds); a passkey signs you in at once\.",
            answer.text,
        )
        assert client.post(f"{PATH}/passkey/options", environ_overrides=PROXY).status_code == 200

    def test_it_may_not_try_for_ever_either(self, client, strangers, monkeypatch):
        self.come_in(client)
        self.leave(client)
        with monkeypatch.context() as patch:
            patch.setattr(credentials, "is_password", lambda *_: False)
            tries = [self.come_in(client).status_code for _ in range(10)]
        assert tries == [422] * 10
        assert self.come_in(client).status_code == 429
        assert self.come_in(client.application.test_client()).status_code == 303

    def test_what_it_shows_is_good_for_its_own_account_alone(self, client, strangers, session):
        create_account(session, "grace", PASSWORD, role="author", display_name="Grace")
        self.come_in(client)
        self.leave(client)
        strangers(name="grace")
        data = {"name": "grace", "password": PASSWORD}
        assert client.post(PATH, data=data, headers=SAME_SITE, environ_overrides=PROXY).status_code == 429

    @pytest.mark.parametrize("shown", ["", "x", "W10.x", "WyJhIiwiYiJd.c2lnbmF0dXJl"])
    def test_what_was_not_given_here_is_nothing(self, client, strangers, shown):
        strangers()
        client.set_cookie("homeport-browser", shown, path="/account", domain="localhost")
        assert self.come_in(client).status_code == 429

    def test_the_cookie_is_kept_from_scripts_from_other_pages_and_says_no_name(self, client, ada):
        answer = client.post(PATH, base_url="https://example.org", data={"name": "ada", "password": PASSWORD})
        cookie = next(line for line in answer.headers.getlist("Set-Cookie") if "homeport-browser" in line)
        assert cookie.startswith("__Secure-homeport-browser=")
        assert {"Secure", "HttpOnly", "Path=/account", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "ada" not in cookie.partition(";")[0]

    def test_who_is_signed_in_proves_it_whatever_they_try(self, client, strangers, session):
        self.come_in(client)
        strangers()
        answer = client.post("/account/prove", data={"password": PASSWORD}, headers=SAME_SITE, environ_overrides=PROXY)
        assert answer.status_code == 303


class TestSecondFactor:
    def test_the_password_alone_opens_nothing(self, client, codes):
        answer = give(client)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert client.get("/studio").status_code == 302

    def test_the_code_opens_once(self, client, codes):
        phone, _ = codes
        ticket, code = hidden(give(client, next="/account"), "ticket"), phone.now()
        answer = client.post(
            f"{PATH}/code", headers=SAME_SITE, data={"ticket": ticket, "code": code, "next": "/account"}
        )
        assert (answer.status_code, answer.location) == (303, "/account")
        ticket = hidden(give(client), "ticket")
        assert client.post(f"{PATH}/code", headers=SAME_SITE, data={"ticket": ticket, "code": code}).status_code == 422

    def test_a_code_of_the_minute_before_the_last_one_used_is_refused(self, client, codes):
        phone, _ = codes
        now = phone.timecode(datetime.now(UTC))
        for step, status in ((now, 303), (now - 1, 422)):
            ticket = hidden(give(client), "ticket")
            given = {"ticket": ticket, "code": phone.generate_otp(step)}
            client.delete_cookie(LOCAL_COOKIE)
            assert client.post(f"{PATH}/code", headers=SAME_SITE, data=given).status_code == status

    def test_a_code_on_paper_opens_once_however_it_is_typed(self, client, codes):
        _, paper = codes
        typed = paper[0].upper().replace("-", " ")
        for status in (303, 422):
            ticket = hidden(give(client), "ticket")
            assert (
                client.post(f"{PATH}/code", headers=SAME_SITE, data={"ticket": ticket, "code": typed}).status_code
                == status
            )

    def test_a_ticket_for_something_else_is_no_ticket(self, client, codes):
        phone, _ = codes
        ticket = client.post(f"{PATH}/passkey/options").json["ticket"]
        assert (
            client.post(f"{PATH}/code", headers=SAME_SITE, data={"ticket": ticket, "code": phone.now()}).status_code
            == 422
        )


class TestWhatARefusalLeaves:
    """On connections of its own: a refused request takes back all that is not meant to stay."""

    @pytest.fixture
    def client(self, lasting_app):
        return lasting_app.test_client()

    @pytest.fixture
    def phone(self, lasting_app, database):
        phone = pyotp.TOTP(new_secret())
        with database.transaction() as session:
            ada = create_account(session, "ada", PASSWORD, role="owner")
            switch_on(session, ada.id, phone.secret, phone.now())
            session.execute(update(Account).values(totp_used_step=0))
        return phone

    def code(self, client, ticket, code):
        return client.post(f"{PATH}/code", data={"ticket": ticket, "code": code})

    def test_a_ticket_is_good_for_one_answer(self, client, phone):
        ticket = hidden(give(client), "ticket")
        again = self.code(client, ticket, "000000")
        assert again.status_code == 422
        used = self.code(client, ticket, phone.now())
        assert (used.status_code, "Set-Cookie" in used.headers) == (422, False)
        assert self.code(client, hidden(again, "ticket"), phone.now()).status_code == 303

    def test_guessing_a_code_ends_after_five(self, client, phone):
        answer = give(client)
        for _ in range(5):
            answer = self.code(client, hidden(answer, "ticket"), "000000")
            assert answer.status_code == 422
        assert self.code(client, hidden(answer, "ticket"), phone.now()).status_code == 429

    def test_the_count_of_wrong_passwords_stays(self, client, database):
        give(client)
        give(client)
        with database.reader() as connection:
            assert connection.scalar(select(RateCount.count)) == 2


class TestPasskeyDoor:
    def test_what_is_to_be_signed_differs_each_time_and_names_nobody(self, client, ada):
        first, second = (client.post(f"{PATH}/passkey/options").json for _ in range(2))
        assert first["options"]["challenge"] != second["options"]["challenge"]
        assert not first["options"].get("allowCredentials")
        assert first["options"]["userVerification"] == "required"
        assert first["options"]["rpId"] == "localhost"

    def test_it_belongs_to_the_domain_of_the_site_s_address(self, client, site, session):
        site.address = "https://blog.example.org"
        session.flush()
        answer = client.post(f"{PATH}/passkey/options", base_url="https://blog.example.org")
        assert answer.json["options"]["rpId"] == "blog.example.org"

    @pytest.mark.parametrize("credential", ["", "{}", "[]", "nonsense", '{"rawId": 5}', '{"rawId": "AA"}', "[" * 9000])
    def test_what_is_no_passkey_is_refused(self, client, credential):
        ticket = client.post(f"{PATH}/passkey/options").json["ticket"]
        answer = client.post(f"{PATH}/passkey", data={"ticket": ticket, "credential": credential})
        assert answer.status_code == 422
