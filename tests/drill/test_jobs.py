"""The nightly job: due, done, told when it fails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from homeport.db.session import Database
from homeport.drill import jobs
from homeport.handlers import REGISTRY
from homeport.jobs.actions import retry_job
from homeport.jobs.doing import Doer
from homeport.jobs.errors import HopelessJobError
from homeport.jobs.queries import list_failed_jobs
from homeport.jobs.queue import enqueue
from homeport.ops.backup import programs
from homeport.ops.backup.errors import BackupFailedError
from homeport.ops.backup.making import make_backup
from tests.factories.backups import Installation


@pytest.fixture
def own(site: Installation):
    """The site's own database."""
    database = Database(site.uri, pool_size=3)
    yield database
    database.dispose()


def fail(*_, **__):
    raise BackupFailedError("the disk is full", hint="Make room.")


def test_the_first_night_makes_an_archive_and_proves_it(site, own):
    jobs.nightly(own, site.settings, {})
    [archive] = site.source.shelf.list_archives()
    assert archive.proven_at


def test_an_hour_later_there_is_nothing_to_do(site, own):
    jobs.nightly(own, site.settings, {})
    before = site.source.shelf.list_archives()
    jobs.nightly(own, site.settings, {})
    assert site.source.shelf.list_archives() == before


def test_it_can_be_switched_off(site, own):
    settings = site.settings
    backup = replace(settings.backup, is_nightly=False)
    jobs.nightly(own, settings.replace(backup=backup), {})
    assert site.source.shelf.list_archives() == ()


def test_a_failure_is_on_the_list_of_what_could_not_be_done(site, own, monkeypatch):
    monkeypatch.setattr(programs, "dump", fail)
    with own.transaction() as session:
        session.connection().exec_driver_sql("delete from job")
        enqueue(session, "backup.nightly", {})
    assert Doer(own, site.settings, REGISTRY, slow=True).do_next()
    with own.reader() as connection:
        [failed] = list_failed_jobs(connection)
    assert failed.error == "there is no proven backup of this night: the disk is full Make room."


def test_after_a_failure_it_waits_some_hours_or_until_somebody_wants_it(site, own, monkeypatch):
    monkeypatch.setattr(programs, "dump", fail)
    with own.transaction() as session:
        session.connection().exec_driver_sql("delete from job")
        enqueue(session, "backup.nightly", {})
    doer = Doer(own, site.settings, REGISTRY, slow=True)
    doer.do_next()
    monkeypatch.undo()
    jobs.nightly(own, site.settings, {})
    assert site.source.shelf.list_archives() == ()
    with own.reader() as connection:
        [failed] = list_failed_jobs(connection)
    with own.transaction() as session:
        retry_job(session, failed.id)
    doer.do_next()
    assert site.source.shelf.last().proven_at


def test_an_archive_that_could_not_be_proven_is_followed_by_another(site, own):
    make_backup(site.source)
    jobs.nightly(own, site.settings, {})
    assert site.source.shelf.last().proven_at


def test_a_surprise_is_seen_too(site, own, monkeypatch):
    def surprise(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(programs, "dump", surprise)
    with pytest.raises(HopelessJobError, match="Read-only file system"):
        jobs.nightly(own, site.settings, {})


def test_it_is_looked_for_every_hour_and_delays_no_mail():
    assert REGISTRY.recurring["backup.nightly"] == timedelta(hours=1)
    assert "backup.nightly" in REGISTRY.slow
