"""Asks the database: is it there, is it one we know, is its clock ours, and what has become of the jobs."""

from collections.abc import Iterator, Sequence
from typing import cast

from homeport.ops.asking import DatabaseSilentError, Questioner
from homeport.ops.doctor.findings import Finding, NotApplicableError
from homeport.ops.doctor.patient import Patient

OLDEST_SERVER, NEWEST_SERVER = 15, 18
LONGEST_WAIT_SECONDS = 900.0
HAS_SITE = "select to_regclass('alembic_version') is not null"
SERVER = "select current_setting('server_version_num')::int / 10000"
VERSIONS = f"{SERVER}, version_num from alembic_version"
JOBS = (
    "select count(*) filter (where failed_at is not null),"
    " count(*) filter (where failed_at is null and run_at <= clock_timestamp()),"
    " coalesce(extract(epoch from clock_timestamp() - min(run_at) filter (where failed_at is null"
    " and run_at <= clock_timestamp())), 0)::float from job"
)
FAILED = "select kind, error from job where failed_at is not null order by failed_at desc limit 1"


def look_for_answer(patient: Patient) -> Iterator[Finding]:
    """The site and its database have to answer at all."""
    view = patient.front
    status = view.ask("/readyz").status
    if status != 200:
        yield Finding(
            f"the site says that it is not ready ({view.where}/readyz answers {status})",
            "Readers get an error.",
            "See docs/operations.md, `The database is gone`.",
        )
    try:
        patient.question(lambda database: database.one("select 1"))
    except NotApplicableError:
        return
    except DatabaseSilentError as error:
        yield Finding(
            f"the database cannot be asked: {error}",
            "Nothing can be written, and pages are missing.",
            "See docs/operations.md, `The database is gone`.",
        )


def look_at_versions(patient: Patient) -> Iterator[Finding]:
    """The schema is the one that this code is written for, the server one that it was tried on."""
    server, revision = patient.question(_versions)
    if not OLDEST_SERVER <= cast("int", server) <= NEWEST_SERVER:
        yield Finding(
            f"the database server is PostgreSQL {server}",
            f"This release was tried on {OLDEST_SERVER} to {NEWEST_SERVER} only.",
            "Move the database to a version in between: dump it, restore it there, point DB_URI at it.",
        )
    if revision != patient.newest_schema:
        yield Finding(
            f"the schema is at revision {revision or 'none'}, this code at {patient.newest_schema}",
            "Code and database are of different releases; new features fail until they meet.",
            "Run `homeport migrate` with this release, or start the release that the database belongs to.",
        )


def look_at_jobs(patient: Patient) -> Iterator[Finding]:
    """Nothing that requests left behind may fail for good, or wait for long."""
    failed, waiting, oldest, kind, error = patient.question(_jobs)
    if failed:
        yield Finding(
            f"{failed} {'job has' if failed == 1 else 'jobs have'} failed for good, the latest of kind {kind}: {error}",
            "Somebody waits for a mail or a picture that will not come.",
            "Look at them with `homeport jobs list`, then `homeport jobs retry` or `homeport jobs delete`.",
        )
    if waiting and cast("float", oldest) > LONGEST_WAIT_SECONDS:
        yield Finding(
            f"{waiting} {'job waits' if waiting == 1 else 'jobs wait'}, the oldest for {_minutes(oldest)} minutes",
            "Nobody does them: no mail leaves, no picture gets smaller.",
            "Start a worker: JOBS=inline, or `homeport jobs` beside the site (`docker compose up -d jobs`).",
        )


def _versions(database: Questioner) -> Sequence[object]:
    if not database.one(HAS_SITE)[0]:
        return database.one(SERVER)[0], ""
    return database.one(VERSIONS)


def _jobs(database: Questioner) -> Sequence[object]:
    if not database.one(HAS_SITE)[0]:
        raise NotApplicableError("the database has no site in it yet")
    counts = database.one(JOBS)
    latest = database.one(FAILED) if counts[0] else ("", "")
    return (*counts, *latest)


def _minutes(seconds: object) -> int:
    return int(cast("float", seconds) // 60)
