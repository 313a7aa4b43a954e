"""Two people, or two tabs, in one form: what each changed comes together, and what both changed is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from homeport.blog.fields import EntryFields
from homeport.blog.forms import NAMES
from homeport.errors import ConflictError
from homeport.text.lines import keep_endings, with_plain_endings
from homeport.text.merging import merge, merge_without_base

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Base:
    """What a form showed before anybody typed; a client that does not know leaves it out."""

    source: str | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class MergedForm:
    """Both changes in one form. `disputed` names what both changed: there the typed one stands."""

    form: dict[str, str]
    has_marks: bool
    disputed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a save met that was based on an older version."""

    version: int
    theirs: dict[str, str]
    merged: MergedForm
    changed_by: str
    changed_at: datetime


class EditConflictError(ConflictError):
    """Somebody saved the entry in the meantime; `conflict` has what they wrote, and both together."""

    def __init__(self, conflict: Conflict) -> None:
        who = conflict.changed_by or "Somebody"
        super().__init__(f"{who} has changed this in the meantime", hint="Look through both and save again.")
        self.conflict = conflict


def is_same_form(typed: Form, shown: Form) -> bool:
    """Say whether a form was sent as it was shown; browsers change nothing but line endings."""
    return all(with_plain_endings(typed.get(name, shown[name])) == with_plain_endings(shown[name]) for name in NAMES)


def merge_forms(typed: Form, shown: Form, base: Base, their_name: str) -> MergedForm:
    """Bring what was typed together with what the form would show now."""
    form, disputed = {}, []
    for name in (name for name in NAMES if name != "source"):
        mine, theirs = typed.get(name, shown[name]), shown[name]
        before = (base.form or {}).get(name)
        if theirs in (mine, before):
            form[name] = mine
        elif before == mine:
            form[name] = theirs
        else:
            form[name] = mine
            disputed.append(name)
    source, marks = _merged_source(typed.get("source", shown["source"]), shown["source"], base.source, their_name)
    form["source"] = source
    return MergedForm(form, has_marks=marks > 0, disputed=tuple(disputed))


def merge_fields(base: EntryFields, mine: EntryFields, theirs: EntryFields) -> EntryFields:
    """Return the fields of a working copy with what was changed in the entry below it since `base`."""
    left_alone = {name: getattr(theirs, name) for name in NAMES if getattr(mine, name) == getattr(base, name)}
    source, _ = _merged_source(mine.source, theirs.source, base.source, "")
    return replace(mine, **{**left_alone, "source": keep_endings(theirs.source, source)})


def _merged_source(mine: str, theirs: str, base: str | None, their_name: str) -> tuple[str, int]:
    mine, theirs = with_plain_endings(mine), with_plain_endings(theirs)
    name = f"saved by {their_name}" if their_name else "saved meanwhile"
    if base is None:
        merged = merge_without_base(mine, theirs, my_name="yours", their_name=name)
    else:
        merged = merge(with_plain_endings(base), mine, theirs, my_name="yours", their_name=name)
    return merged.text, merged.conflicts
