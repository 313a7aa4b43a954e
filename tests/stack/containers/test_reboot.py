"""A host that loses power: every container and the engine itself are killed, and nobody does anything afterwards."""

import pytest

from tests.stack.containers.keeping import Belongings
from tests.stack.containers.trouble import power_of, suffer

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


def test_the_site_comes_back_with_the_engine(engine, ours, author, fault_table):
    engine.require_ours()
    belongings = Belongings.of(author)
    suffer(power_of(engine), ours, author, fault_table)
    assert belongings.are_there(ours)
