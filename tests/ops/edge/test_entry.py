"""Becoming the administrator before anybody else, and proving that nobody else is."""

from dataclasses import replace

import pytest

from homeport.ops.edge.entry import enter
from homeport.ops.edge.errors import ProxyAwayError, ProxyPasswordError
from homeport.ops.edge.state import Entry
from tests.ops.edge.double import User
from tests.ops.edge.ways import Crashes, DirectTransport
from tests.ops.edge.world import EMAIL, PASSWORD, World, declare

INITIAL = "what the proxy was started with"


@pytest.fixture
def world(tmp_path):
    """Start a proxy of some version, perhaps with a first password."""

    def make(version=(2, 15, 1), *, has_initial=False):
        declared = declare(tmp_path)
        file = tmp_path / "initial"
        file.write_text(INITIAL)
        access = replace(declared.proxy, initial_password_file=file if has_initial else None)
        made = World.of(replace(declared, proxy=access), version)
        if has_initial:
            made.double.users[:] = [User(1, EMAIL, INITIAL)]
        return made

    return make


def secrets_of(world):
    return [(user.email, user.secret) for user in world.double.users]


def test_a_proxy_without_administrator_gets_us(world):
    fresh = world()
    fresh.apply()
    assert secrets_of(fresh) == [(EMAIL, PASSWORD)]


def test_the_first_thing_that_is_written_is_that_it_is_ours(world):
    assert world().apply()[0] == "POST /users"


@pytest.mark.parametrize("version", [(2, 10, 4), (2, 12, 6)])
def test_the_default_account_becomes_ours(world, version):
    old = world(version)
    assert old.apply()[:2] == ["PUT /users/me/auth", "PUT /users/me"]
    assert secrets_of(old) == [(EMAIL, PASSWORD)]


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("write", [1, 2])
def test_a_default_account_that_is_half_ours_becomes_wholly_ours(world, write, is_after):
    old = world((2, 12, 6))
    crashes = Crashes(write, is_after)
    with pytest.raises(ProxyAwayError):
        old.apply(DirectTransport(old.double, before=crashes.before, after=crashes.after))
    old.apply()
    assert secrets_of(old) == [(EMAIL, PASSWORD)]


def test_the_first_password_which_is_in_the_proxys_log_is_exchanged(world):
    started = world(has_initial=True)
    assert started.plan()[0].startswith("exchange the first password")
    assert started.apply()[0] == "PUT /users/me/auth"
    assert secrets_of(started) == [(EMAIL, PASSWORD)]
    assert started.apply() == []


def test_a_default_account_beside_ours_is_shut(world):
    old = world((2, 12, 6))
    old.apply()
    old.double.users.append(User(2, "admin@example.com", "changeme"))
    assert old.plan() == [
        "give the default account admin@example.com, which opens the proxy, a password that nobody knows"
    ]
    assert old.apply() == ["PUT /users/me/auth"]
    assert old.double.users[1].secret != "changeme"
    assert old.apply() == []


def test_a_first_password_that_still_opens_the_proxy_is_not_accepted(world):
    started = world(has_initial=True)

    def forget(user, data):
        return 200, True

    started.double._put_auth = forget
    started.double.users.append(User(2, EMAIL, PASSWORD))
    with pytest.raises(
        ProxyPasswordError, match=r"does not take the password that me@example\.org has just been given"
    ):
        started.apply()


def test_a_wrong_password_is_one_clear_sentence_and_changes_nothing(world):
    fresh = world()
    fresh.double.users.append(User(1, EMAIL, "somebody's own"))
    with pytest.raises(ProxyPasswordError, match=r"does not take the password of me@example\.org from .*/npm_password"):
        fresh.apply()
    assert fresh.double.writes == []


def test_somebody_who_was_faster_is_told(world):
    fresh = world()

    def come_between(what):
        if what == "POST /users" and not fresh.double.users:
            fresh.double.users.append(User(1, "evil@example.net", "theirs"))

    with pytest.raises(ProxyPasswordError, match="somebody else has become the administrator"):
        fresh.apply(DirectTransport(fresh.double, before=come_between))


def test_an_account_with_a_second_factor_is_told(world):
    fresh = world()
    fresh.double.users.append(User(1, EMAIL, PASSWORD, has_second_factor=True))
    with pytest.raises(ProxyPasswordError, match="wants a one-time code"):
        fresh.apply()


def test_who_we_are_is_found_out_without_a_write(world):
    fresh = world()
    proxy = fresh.reconciler().proxy
    assert enter(proxy, fresh.declaration.proxy, is_claimed=False) is Entry.UNCLAIMED
    fresh.double.users.append(User(1, EMAIL, PASSWORD))
    assert enter(proxy, fresh.declaration.proxy, is_claimed=True) is Entry.OURS
    assert fresh.double.writes == []


def test_a_password_file_that_has_gone_is_told(world, tmp_path):
    fresh = world()
    (tmp_path / "npm_password").unlink()
    with pytest.raises(ProxyPasswordError, match="cannot read the password"):
        enter(fresh.reconciler().proxy, fresh.declaration.proxy, is_claimed=True)
