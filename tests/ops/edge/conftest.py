"""Worlds with a proxy in them, fresh and settled."""

from pathlib import Path

import pytest

from tests.ops.edge.world import World, declare

VERSIONS = [(2, 10, 4), (2, 11, 3), (2, 12, 6), (2, 13, 7), (2, 14, 0), (2, 15, 1)]


@pytest.fixture(params=VERSIONS, ids=lambda version: ".".join(map(str, version[:2])))
def version(request: pytest.FixtureRequest) -> tuple[int, int, int]:
    """Each version of the proxy that is known, one after the other."""
    found: tuple[int, int, int] = request.param
    return found


@pytest.fixture
def fresh(tmp_path: Path) -> World:
    """A proxy of the newest version that nobody has ever spoken to."""
    return World.of(declare(tmp_path))


@pytest.fixture
def settled(fresh: World) -> World:
    """A proxy that is as declared."""
    fresh.apply()
    return fresh
