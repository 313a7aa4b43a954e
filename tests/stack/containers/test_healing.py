"""Everything that can be killed, stopped or cut off, under reads and writes: back in time, and no written word lost."""

import pytest

from tests.stack.containers.project import OURS
from tests.stack.containers.trouble import OUTAGE_SECONDS, faults_of, suffer

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300 + OUTAGE_SECONDS)]


@pytest.mark.parametrize("fault", faults_of(OURS), ids=lambda fault: fault.name)
def test_it_comes_back_in_time_with_every_word_that_was_kept(ours, author, fault, fault_table):
    suffer(fault, ours, author, fault_table)
