import pytest

from homeport.ops.gunicorn_config import STOCK_WORKER, WORKER, gunicorn_options, worker_class


def test_our_worker_serves_on_the_release_that_is_locked(settings):
    assert gunicorn_options(settings)["worker_class"] == WORKER


@pytest.mark.parametrize("release", ["26.9.9", "27.1.0", "28.0.0"])
def test_another_release_gets_gunicorns_own_with_a_warning(release, caplog):
    assert worker_class("homeport", release=release) == STOCK_WORKER
    assert f"not tested with Gunicorn {release}" in caplog.text


def test_gunicorns_own_can_be_asked_for(caplog):
    assert worker_class("gthread") == STOCK_WORKER
    assert not caplog.records
