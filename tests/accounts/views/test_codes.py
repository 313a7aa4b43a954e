"""Switching one-time codes on and off."""

import re

import pyotp
import pytest
from sqlalchemy import func, select

from homeport.accounts.models import Account
from homeport.accounts.proofs import AuditEvent, RecoveryCode
from tests.factories.members import sign_in

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
PAGE = "/account/codes"


@pytest.fixture
def member(session, client):
    return sign_in(session, client, "author", name="ada")


def hidden(text):
    return re.search('name="ticket" value="([^"]*)"', text)[1]


def phone_of(text):
    return pyotp.TOTP(re.search('<code class="secret">([A-Z2-7 ]+)</code>', text)[1].replace(" ", ""))


@pytest.fixture
def begin(client, member):
    """Scan the picture and type the code."""

    def begin(code=None):
        page = client.get(PAGE).text
        given = {"ticket": hidden(page), "code": code or phone_of(page).now()}
        return client.post(PAGE, data=given, headers=SAME_SITE)

    return begin


def test_the_phone_s_code_switches_them_on_and_ten_for_paper_are_shown_once(client, begin, session):
    answer = begin()
    codes = re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", answer.text)
    assert len(set(codes)) == 10
    assert codes[0] not in client.get(PAGE).text
    stored = session.scalars(select(RecoveryCode.code_hash)).all()
    assert all(codes[0].replace("-", "").encode() not in one for one in stored)
    assert "10 of 10" in client.get(PAGE).text
    assert session.scalars(select(AuditEvent.action)).one() == "codes.on"


def test_the_picture_is_drawn_without_styles_and_without_asking_anybody(client, member):
    page = client.get(PAGE).text
    assert "<svg" in page
    assert "style=" not in page
    assert "http" not in re.search("<svg.*</svg>", page, re.DOTALL)[0].replace("http://www.w3.org/2000/svg", "")


def test_a_wrong_code_switches_nothing_on_and_keeps_the_picture(client, begin, session):
    answer = begin("000000")
    assert answer.status_code == 422
    assert session.scalars(select(Account.totp_secret)).one() == ""
    assert "<svg" in answer.text


def test_they_can_be_switched_off(client, begin, session):
    begin()
    assert client.post(f"{PAGE}/off", headers=SAME_SITE).status_code == 303
    assert session.scalars(select(Account.totp_secret)).one() == ""
    assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0


def test_new_codes_for_paper_replace_the_former_ones(client, begin, session):
    begin()
    before = set(session.scalars(select(RecoveryCode.code_hash)))
    assert client.post(f"{PAGE}/recovery", headers=SAME_SITE).status_code == 200
    after = set(session.scalars(select(RecoveryCode.code_hash)))
    assert (len(after), before & after) == (10, set())


def test_there_are_none_for_paper_without_a_phone(client, member, session):
    assert client.post(f"{PAGE}/recovery", headers=SAME_SITE).status_code == 303
    assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
