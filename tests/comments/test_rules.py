from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from homeport.comments.rules import CHANGED, UNKNOWN, Facts, Judgement, after_change, is_open, judge_by
from homeport.comments.spamfilter import Verdict
from homeport.site.queries import load_site

NOTHING = Facts(is_trapped=False, is_blocked=False, is_known=False, verdict=Verdict(None))


@pytest.fixture
def card(connection):
    return replace(load_site(connection), time_zone=ZoneInfo("UTC"), comments_close_after_days=30)


@pytest.mark.parametrize(
    ("kind", "says", "age_days", "expected"),
    [
        ("article", None, 29, True),
        ("article", None, 30, False),
        ("article", True, 3000, True),
        ("article", False, 0, False),
        ("note", None, 0, True),
        ("page", None, 0, False),
        ("page", True, 0, True),
    ],
)
def test_an_entry_s_own_word_comes_before_its_age(card, kind, says, age_days, expected):
    assert is_open(card, kind=kind, comments_open=says, age_days=age_days) is expected


def test_without_an_age_nothing_closes_by_itself(card):
    card = replace(card, comments_close_after_days=None)
    assert is_open(card, kind="article", comments_open=None, age_days=30_000)


@pytest.mark.parametrize("says", [None, True, False])
def test_the_site_closes_everything(card, says):
    assert not is_open(replace(card, comments_open=False), kind="article", comments_open=says, age_days=0)


@pytest.mark.parametrize(
    ("rule", "facts", "state"),
    [
        ("show", {"is_trapped": True}, "spam"),
        ("show", {"is_blocked": True, "is_known": True}, "spam"),
        ("show", {"verdict": Verdict(0.99, ("casino",)), "is_known": True}, "spam"),
        ("show", {"verdict": Verdict(0.9)}, "held"),
        ("show", {}, "shown"),
        ("known", {}, "held"),
        ("known", {"is_known": True}, "shown"),
        ("known", {"is_known": True, "verdict": Verdict(0.9)}, "held"),
        ("hold", {"is_known": True}, "held"),
    ],
)
def test_what_becomes_of_a_comment(rule, facts, state):
    assert judge_by(rule, replace(NOTHING, **facts)).state == state


def test_the_author_is_told_which_words_spoke_for_spam():
    facts = replace(NOTHING, verdict=Verdict(0.99, ("casino", "link to x.example")))
    assert judge_by("hold", facts) == Judgement("spam", "spam because: casino, link to x.example")


@pytest.mark.parametrize(
    ("state", "because", "was_approved", "said"),
    [
        ("held", "every comment waits", True, f"{CHANGED}; every comment waits"),
        ("held", "every comment waits", False, "every comment waits"),
        ("held", UNKNOWN, True, CHANGED),
        ("spam", "the writer is blocked", True, f"{CHANGED}; the writer is blocked"),
        ("shown", "", True, ""),
    ],
)
def test_who_approved_a_comment_is_told_why_it_is_back(state, because, was_approved, said):
    assert after_change(Judgement(state, because), was_approved=was_approved) == Judgement(state, said)
