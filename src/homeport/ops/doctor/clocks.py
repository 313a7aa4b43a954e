"""Compares the clocks of whoever takes part: this machine, the database, the web server."""

import time
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import cast

from homeport.ops.doctor.findings import Finding, NotApplicableError
from homeport.ops.doctor.patient import Patient

# The header Date has whole seconds, and the answer takes its time.
MOST_SECONDS = 5.0
CLOCK = "select extract(epoch from clock_timestamp())::float"
WHY = "Posts appear at the wrong time, sign-ins and one-time codes are refused, and no log fits another."
REMEDY = "Let every machine keep time with NTP (`timedatectl set-ntp true`)."


def look(patient: Patient) -> Iterator[Finding]:
    """Ask each for the time."""
    has_asked = False
    with suppress(NotApplicableError):
        yield from _compare("the database", _database_time(patient))
        has_asked = True
    for view in patient.views:
        if date := view.ask("/healthz").header("Date"):
            has_asked = True
            yield from _compare(f"the clock at {view.where}", parsedate_to_datetime(date).timestamp())
    if not has_asked:
        raise NotApplicableError("there is no other clock to ask from here")


def _database_time(patient: Patient) -> float:
    return cast("float", patient.question(lambda database: database.one(CLOCK))[0])


def _compare(whose: str, moment: float) -> Iterator[Finding]:
    difference = moment - time.time()
    if abs(difference) > MOST_SECONDS:
        direction = "ahead of" if difference > 0 else "behind"
        yield Finding(f"{whose} is {abs(difference):.0f} seconds {direction} this machine", WHY, REMEDY)
