import pytest

from homeport.handlers import REGISTRY
from homeport.jobs.errors import UnknownJobError
from homeport.jobs.registry import Registry


def test_a_kind_is_done_by_its_handler():
    def handler(*_):
        """Do nothing."""

    assert Registry({"count": handler}).handler_of("count") is handler


def test_a_kind_that_nobody_knows_is_an_error():
    with pytest.raises(UnknownJobError, match="'count'"):
        Registry({}).handler_of("count")


def test_everything_that_recurs_has_a_handler():
    assert set(REGISTRY.recurring) <= set(REGISTRY.handlers)
