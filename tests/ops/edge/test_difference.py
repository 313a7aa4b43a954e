"""Whatever a proxy is like, the way to the declared one ends there, also for those who are stopped on it."""

import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeport.errors import HomeportError
from homeport.ops.edge.declaration import ForwardedHost, Upstream
from homeport.ops.edge.difference import steps_between
from homeport.ops.edge.errors import NamesTakenError, ProxyRefusedError
from homeport.ops.edge.state import MARK, Actual, Version
from homeport.ops.edge.wanted import wanted_edge
from tests.ops.edge.authority import CertificateFile
from tests.ops.edge.double import DEFAULTS, User
from tests.ops.edge.ways import Crashes, DirectTransport
from tests.ops.edge.world import EMAIL, GIT, PASSWORD, Clock, World, declare

NAMES = [f"{letter}.example.org" for letter in "abcdef"]
names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)


@st.composite
def declarations(draw):
    """Some names, dealt out to a site and to other hosts."""
    dealt = draw(st.permutations(NAMES))[: draw(st.integers(1, 6))]
    others = draw(st.integers(0, len(dealt) - 1))
    hosts = tuple(
        ForwardedHost(
            name, Upstream("http", f"service-{name[0]}", 80), has_websockets=draw(st.booleans()), max_body_bytes=1
        )
        for name in dealt[:others]
    )
    site, *aliases = dealt[others:]
    declared = declare(Path(tempfile.gettempdir()), *hosts, aliases=tuple(aliases))
    return replace(declared, site=replace(declared.site, name=site, has_tls=draw(st.booleans())))


@st.composite
def rows(draw):
    """A host that is there already: ours or somebody's, right or wrong."""
    return {
        **DEFAULTS,
        "domain_names": sorted(draw(names)),
        "forward_scheme": draw(st.sampled_from(["http", "https"])),
        "forward_host": draw(st.sampled_from(["flask-blog", "service-a"])),
        "forward_port": draw(st.sampled_from([80, 5000])),
        "caching_enabled": draw(st.booleans()),
        "enabled": draw(st.booleans()),
        "advanced_config": draw(st.sampled_from(["", f"{MARK}0000000000000000\n", f"{MARK}old\nbrotli on;"])),
        "access_list_id": draw(st.sampled_from([0, 3])),
        "certificate": draw(st.sampled_from([None, "good", "old", "without files", "deleted"])),
    }


def put_into(world, found):
    """Let the proxy have these hosts, with their certificates; names that are taken are left out."""
    world.double.users.append(User(90, EMAIL, PASSWORD))
    taken = set()
    for number, row in enumerate(found, 100):
        mine = [name for name in row["domain_names"] if name not in taken]
        if not mine:
            continue
        taken.update(mine)
        kind = row.pop("certificate", None)
        certificate_id = number + 100 if kind else 0
        if kind:
            add_certificate(world, certificate_id, mine, kind)
        world.double.hosts[number] = {
            **row,
            "id": number,
            "domain_names": mine,
            "certificate_id": certificate_id,
            "meta": {},
        }
    for row in world.double.hosts.values():
        world.double._configure(row)
    for number in list(world.double.certificates):
        if world.double.certificates[number]["meta"].get("is_deleted"):
            world.double.certificates.pop(number)
            world.double.engine.files.pop(number)


def add_certificate(world, number, names, kind):
    now = world.clock()
    begins, ends = {
        "good": (now - timedelta(days=10), now + timedelta(days=80)),
        "old": (now - timedelta(days=80), now + timedelta(days=10)),
        "without files": (now - timedelta(days=3), now - timedelta(days=3)),
        "deleted": (now - timedelta(days=10), now + timedelta(days=80)),
    }[kind]
    if kind != "without files":
        world.double.engine.files[number] = CertificateFile(number, frozenset(names), ends)
    stamp = f"{begins:%Y-%m-%d %H:%M:%S}"
    world.double.certificates[number] = {
        "id": number,
        "provider": "letsencrypt",
        "domain_names": names,
        "meta": {"is_deleted": kind == "deleted"},
        "created_on": stamp,
        "modified_on": stamp,
        "expires_on": f"{ends:%Y-%m-%d %H:%M:%S}",
    }


def is_blocked(world, declaration):
    """Say whether a host that is not ours to change has lost its certificate: nginx takes nothing any more."""
    declared = {declaration.site.name, *declaration.site.aliases, *(host.name for host in declaration.hosts)}
    return any(
        row["certificate_id"] not in (0, *world.double.certificates)
        and not row["advanced_config"].startswith(MARK)
        and not declared & {*row["domain_names"]}
        for row in world.double.hosts.values()
    )


@given(declarations(), st.lists(rows(), max_size=4))
@settings(max_examples=60, deadline=None)
def test_from_any_proxy_the_way_ends_where_it_should(declaration, found):
    world = World.of(declaration)
    put_into(world, found)
    try:
        world.apply()
    except (NamesTakenError, ProxyRefusedError) as error:
        refused = error
    else:
        assert world.plan() == []
        assert world.apply() == []
        return
    if isinstance(refused, NamesTakenError):
        assert world.double.writes == []
    else:
        assert is_blocked(world, declaration)
        assert "A certificate that was deleted while a host used it is the usual cause" in refused.hint


@given(declarations(), declarations(), st.integers(1, 12), st.booleans())
@settings(max_examples=60, deadline=None)
def test_from_any_declaration_to_any_other_it_may_be_stopped_anywhere(first, second, write, is_after):
    world = World.of(first)
    world.apply()
    world.declaration = second
    crashes = Crashes(write, is_after)
    with suppress(HomeportError):
        world.apply(DirectTransport(world.double, before=crashes.before, after=crashes.after))
    world.apply()
    assert world.apply() == []
    declared = sorted([second.site.name, *second.site.aliases, *(host.name for host in second.hosts)])
    assert sorted(name for row in world.double.hosts.values() for name in row["domain_names"]) == declared


@pytest.fixture
def wanted(tmp_path):
    return wanted_edge(declare(tmp_path, GIT), has_zone=False)


def test_the_same_look_gives_the_same_plan(wanted):
    actual, now = Actual(Version(2, 15, 1)), Clock()()
    assert steps_between(wanted, actual, now) == steps_between(wanted, actual, now)


def test_a_proxy_with_nothing_in_it_gets_everything_in_order(wanted):
    kinds = [type(step).__name__ for step in steps_between(wanted, Actual(Version(2, 15, 1)), Clock()())]
    assert kinds == ["CloseDefaultSite", "IssueCertificate", "CreateHost", "IssueCertificate", "CreateHost"]
