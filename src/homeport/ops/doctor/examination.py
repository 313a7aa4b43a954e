"""The list of all checks, and the one place where they are made."""

from collections.abc import Callable, Iterator

from homeport.errors import HomeportError
from homeport.ops.asking import DatabaseSilentError
from homeport.ops.doctor import clocks, database, drift, encryption, forgery, pages, ports, surroundings
from homeport.ops.doctor.findings import Finding, NotApplicableError, Result
from homeport.ops.doctor.patient import Patient
from homeport.ops.doctor.view import NoAnswerError

Check = Callable[[Patient], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    "the site answers": database.look_for_answer,
    "forged headers": forgery.look,
    "reachable ports": ports.look,
    "cookies on pages": pages.look_for_cookies,
    "protecting headers": pages.look_for_headers,
    "compression": pages.look_for_compression,
    "validators": pages.look_for_validators,
    "certificate": encryption.look_at_certificate,
    "redirects": encryption.look_at_redirects,
    "edge": drift.look,
    "trusted proxies": surroundings.look_at_trust,
    "versions": database.look_at_versions,
    "jobs": database.look_at_jobs,
    "mail": surroundings.look_at_mail,
    "clocks": clocks.look,
    "disk": surroundings.look_at_disks,
    "backup": surroundings.look_at_backup,
}
"""Every check by what it is about, in the order in which one would look."""


def examine(patient: Patient) -> Iterator[Result]:
    """Make every check, one after the other."""
    for name, look in CHECKS.items():
        yield _look(name, look, patient)


def _look(name: str, look: Check, patient: Patient) -> Result:
    found: list[Finding] = []
    try:
        for finding in look(patient):
            found.append(finding)  # noqa: PERF402 - what was found before a check had to give up is found
    except NotApplicableError as reason:
        return Result(name, tuple(found), str(reason))
    except (DatabaseSilentError, NoAnswerError) as error:
        # Said once, by the first check; the others have nothing to look at.
        return _unseen(name, error) if name == next(iter(CHECKS)) else Result(name, tuple(found), str(error))
    except HomeportError as error:
        return _unseen(name, error)
    return Result(name, tuple(found))


def _unseen(name: str, error: HomeportError) -> Result:
    why = "Where nobody answers, nobody can read, and nothing can be checked."
    remedy = error.hint or "See docs/operations.md, `The site is down`."
    return Result(name, (Finding(str(error), why, remedy),))
