"""What browsers send as passkeys, sense and nonsense alike."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeport.accounts.passkeys import (
    Holder,
    PasskeyError,
    Place,
    check_new,
    check_signed,
    creation_options,
    handle_in,
    request_options,
)
from tests.factories.authenticator import Authenticator

PLACE = Place("localhost", "http://localhost")
CHALLENGE = bytes(range(32))

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.sampled_from(["AA", "_-8", "=", "é"])
trees = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=6)
PATHS = [
    ("id",),
    ("rawId",),
    ("type",),
    ("response",),
    ("response", "clientDataJSON"),
    ("response", "attestationObject"),
    ("response", "authenticatorData"),
    ("response", "signature"),
    ("response", "userHandle"),
]


def spoilt(answer, path, tree):
    """Return an answer with something else in one of its places."""
    found = json.loads(answer)
    place = found
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = tree
    return json.dumps(found)


@settings(deadline=None)
@given(st.sampled_from(PATHS), trees)
def test_nonsense_is_no_new_passkey(path, tree):
    options = creation_options(PLACE, Holder(bytes(16), "ada", "Ada"), CHALLENGE)
    made = Authenticator().create(options)
    if path[-1] in ("authenticatorData", "signature", "userHandle"):
        return
    with pytest.raises(PasskeyError):
        check_new(PLACE, CHALLENGE, spoilt(made, path, tree))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PATHS), trees)
def test_nonsense_signs_nobody_in(session, path, tree):
    signed = Authenticator().get(request_options(PLACE, CHALLENGE))
    with pytest.raises(PasskeyError):
        check_signed(session, PLACE, CHALLENGE, spoilt(signed, path, tree))


@pytest.mark.parametrize("answer", ["", "null", "[]", "{}", "{", '"x"', "[" * 15_000, "{" + " " * 20_001 + "}"])
def test_what_is_not_even_an_object_is_refused(session, answer):
    for check in (lambda: check_new(PLACE, CHALLENGE, answer), lambda: check_signed(session, PLACE, CHALLENGE, answer)):
        with pytest.raises(PasskeyError):
            check()


def test_a_passkey_is_asked_to_verify_its_owner_and_to_be_found_without_a_name():
    options = creation_options(PLACE, Holder(bytes(16), "ada", "Ada"), CHALLENGE)
    selection = options["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    assert options["attestation"] == "none"


def test_the_handle_of_a_new_account_follows_from_its_challenge():
    first, second = os.urandom(32), os.urandom(32)
    assert handle_in(first) == handle_in(first) != handle_in(second)
