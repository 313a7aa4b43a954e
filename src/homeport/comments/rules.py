"""Who may comment where, and what becomes of a comment before the author has seen it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeport.site.rows import SiteCard

if TYPE_CHECKING:
    # Readers, who ask whether comments are open, do not wait for what judges them.
    from homeport.comments.spamfilter import Verdict

CHANGED = "changed after it had been approved"
UNKNOWN = "you have not approved this writer before"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a new comment's writer and words."""

    is_trapped: bool
    is_blocked: bool
    is_known: bool
    verdict: "Verdict"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state that a comment gets, and why in words for the author."""

    state: str
    because: str = ""


def is_open(site: SiteCard, *, kind: str, comments_open: bool | None, age_days: int) -> bool:
    """Say whether an entry takes comments: what it says itself wins over its age, and the site over everything."""
    if not site.comments_open or comments_open is False:
        return False
    if comments_open:
        return True
    closes_after = site.comments_close_after_days
    return kind != "page" and (closes_after is None or age_days < closes_after)


def after_change(judgement: Judgement, *, was_approved: bool) -> Judgement:
    """Return what becomes of a comment that its writer has changed; who approved it is told why it is back."""
    if not was_approved or judgement.state == "shown":
        return judgement
    # Both in one sentence would contradict each other: nobody can be known by a name alone.
    why = CHANGED if judgement.because == UNKNOWN else f"{CHANGED}; {judgement.because}"
    return Judgement(judgement.state, why)


def judge_by(rule: str, facts: Facts) -> Judgement:
    """Return what becomes of a comment by the site's rule."""
    if facts.is_trapped:
        return Judgement("spam", "filled in a field that nobody sees")
    if facts.is_blocked:
        return Judgement("spam", "the writer is blocked")
    words = ", ".join(facts.verdict.words)
    if facts.verdict.is_sure:
        return Judgement("spam", f"spam because: {words}")
    if facts.verdict.is_likely:
        return Judgement("held", f"perhaps spam because: {words}")
    if rule == "hold":
        return Judgement("held", "every comment waits")
    if rule == "known" and not facts.is_known:
        return Judgement("held", UNKNOWN)
    return Judgement("shown")
