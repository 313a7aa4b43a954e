"""The door, with a password and a code."""

import re

import pyotp
import pytest
from sqlalchemy import select, update

from homeport.accounts.actions import create_account
from homeport.accounts.models import Account, AuditEvent, RateCount, SignIn
from homeport.accounts.secondfactor import new_secret, switch_on
from homeport.web.crosssite import COOKIE, LOCAL_COOKIE

PASSWORD = "seven quiet lanterns"
PATH = "/account/sign-in"


@pytest.fixture
def ada(session):
    return create_account(session, "ada", PASSWORD, role="owner", display_name="Ada Lovelace")


def give(client, name="ada", password=PASSWORD, **more):
    return client.post(PATH, data={"name": name, "password": password, **more})


def test_the_right_password_leads_to_the_studio(client, ada):
    answer = give(client)
    assert (answer.status_code, answer.location) == (303, "/studio")
    cookie = client.get_cookie(LOCAL_COOKIE)
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert client.get("/studio").status_code == 200


def test_a_wrong_one_and_an_unknown_name_get_the_same_answer(client, ada):
    wrong, unknown = give(client, password="seven loud lanterns"), give(client, name="nobody")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text.replace("ada", "nobody") == unknown.text
    assert "Set-Cookie" not in wrong.headers
