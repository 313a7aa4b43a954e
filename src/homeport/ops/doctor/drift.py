"""Whether the edge is what was declared: asked of the proxy where that is possible, else of the reconciler's note."""

from collections.abc import Iterator, Sequence

from homeport.errors import HomeportError
from homeport.ops.doctor.findings import Finding, NotApplicableError
from homeport.ops.doctor.patient import Patient
from homeport.ops.notes import EDGE, read_note

# The reconciler looks every hour, and may wait for the proxy in between.
LONGEST_SILENCE_SECONDS = 3 * 3600.0
WHY = "What the proxy does is not what was declared and proven; nobody knows what readers get."
REMEDY = "See `homeport edge plan`, then run `homeport edge apply` (in the service `edge` of the stack)."


def look(patient: Patient) -> Iterator[Finding]:
    """Ask the proxy itself, or read what the reconciler has written down."""
    if patient.edge_status is not None:
        try:
            status = patient.edge_status()
        except HomeportError as error:
            yield Finding(f"the edge cannot be looked at: {error}", WHY, error.hint or REMEDY)
            return
        yield from _of(status.alarms, status.drift)
        return
    yield from _from_note(patient)


def _from_note(patient: Patient) -> Iterator[Finding]:
    note = read_note(patient.notes, EDGE)
    if note is None:
        raise NotApplicableError("no edge is declared here (EDGE_PASSWORD_FILE), and no reconciler has left a note")
    if (age := note.age_seconds(patient.now)) > LONGEST_SILENCE_SECONDS:
        yield Finding(
            f"the reconciler has not looked at the edge for {age / 3600:.0f} hours",
            WHY,
            "See `docker compose ps edge` and `docker compose logs edge`.",
        )
    if error := note.facts.get("error"):
        yield Finding(f"the reconciler cannot bring the edge to what is declared: {error}", WHY, REMEDY)
    yield from _of(note.facts.get("alarms") or (), note.facts.get("drift") or ())


def _of(alarms: Sequence[str], drift: Sequence[str]) -> Iterator[Finding]:
    for alarm in alarms:
        yield Finding(alarm, "Readers notice this, or will soon.", REMEDY)
    if drift:
        yield Finding(f"the edge differs from what is declared: {'; '.join(drift)}", WHY, REMEDY)
