from datetime import timedelta

import pytest
from sqlalchemy import select, update

from homeport.accounts.audit import Actor
from homeport.comments.models import Block, Response, SpamWord
from homeport.comments.moderation import (
    answer_comment,
    block_writer,
    decide,
    rewrite_comment,
    take_comments,
    undo_last,
)
from homeport.errors import ConflictError, InvalidError
from tests.factories.comments import make_comment
from tests.factories.members import make_member


@pytest.fixture
def member(session):
    return make_member(session)


@pytest.fixture
def actor(member):
    return Actor.of(member)


@pytest.fixture
def held(session, entry):
    return make_comment(session, entry, state="held", text="casino")


def _count(session, word):
    row = session.execute(select(SpamWord.spam, SpamWord.ham).where(SpamWord.word == word)).one_or_none()
    return tuple(row) if row else (0, 0)


class TestWhatIsLearned:
    def test_approving_and_condemning_teach_once(self, session, held, actor):
        decide(session, [held], "spam", actor)
        decide(session, [held], "spam", actor)
        assert (_count(session, "casino"), _count(session, "")) == ((1, 0), (1, 0))

    def test_another_mind_unlearns(self, session, held, actor):
        decide(session, [held], "spam", actor)
        decide(session, [held], "shown", actor)
        assert _count(session, "casino") == (0, 1)

    def test_undo_goes_back_to_what_was_learned_before(self, session, held, actor, member):
        decide(session, [held], "shown", actor)
        session.commit()
        decide(session, [held], "spam", actor)
        session.commit()
        assert undo_last(session, member) == 1
        assert (held.state, held.learned, _count(session, "casino")) == ("shown", "ham", (0, 1))

    def test_throwing_spam_away_keeps_the_lesson(self, session, held, actor, member):
        decide(session, [held], "spam", actor)
        decide(session, [held], "deleted", actor)
        assert _count(session, "casino") == (1, 0)
        undo_last(session, member)
        assert (held.state, _count(session, "casino")) == ("spam", (1, 0))

    def test_changed_words_are_learned_in_place_of_the_former(self, session, held, actor):
        decide(session, [held], "shown", actor)
        rewrite_comment(session, held, "garden")
        assert (_count(session, "casino"), _count(session, "garden")) == ((0, 0), (0, 1))

    def test_the_author_s_own_answers_teach_nothing(self, session, held, actor, member):
        answer = answer_comment(session, held, "unheard", member=member, actor=actor)
        decide(session, [answer], "spam", actor)
        assert _count(session, "unheard") == (0, 0)


class TestUndo:
    def test_only_one_s_own_last_decision_is_undone(self, session, entry, held, actor, member):
        decide(session, [held], "shown", actor)
        other = make_member(session)
        assert undo_last(session, other) == 0
        assert undo_last(session, member) == 1
        assert undo_last(session, member) == 0
        assert held.state == "held"

    def test_an_answer_is_taken_back_with_what_it_approved(self, session, held, actor, member):
        answer = answer_comment(session, held, "Thanks.", member=member, actor=actor)
        assert (held.state, answer.state) == ("shown", "shown")
        assert undo_last(session, member) == 2
        assert (held.state, answer.state) == ("held", "deleted")

    def test_what_was_decided_before_the_last_decision_stays(self, session, entry, held, actor, member):
        answer = answer_comment(session, held, "Thanks.", member=member, actor=actor)
        other = make_comment(session, entry, state="held")
        for state in ("spam", "deleted"):
            _let_a_minute_pass(session)
            decide(session, [other], state, actor)
        assert undo_last(session, member) == 1
        assert other.state == "spam"
        assert undo_last(session, member) == 0
        session.expire_all()
        assert (held.state, answer.state, other.state) == ("shown", "shown", "spam")

    def test_a_reply_settles_what_was_decided_before_it(self, session, entry, held, actor, member):
        other = make_comment(session, entry)
        decide(session, [other], "deleted", actor)
        _let_a_minute_pass(session)
        answer_comment(session, other_one := make_comment(session, entry), "Thanks.", member=member, actor=actor)
        assert undo_last(session, member) == 1
        assert undo_last(session, member) == 0
        session.expire_all()
        assert (other.state, other_one.state) == ("deleted", "shown")

    def test_nothing_is_taken_back_after_a_day(self, session, held, actor, member):
        decide(session, [held], "shown", actor)
        held.decided_at -= timedelta(days=2)
        session.flush()
        assert undo_last(session, member) == 0


def _let_a_minute_pass(session):
    """Make what was decided so far a minute older: the transaction of a test has one time for all."""
    session.execute(update(Response).values(decided_at=Response.decided_at - timedelta(minutes=1)))
    session.expire_all()


class TestAnswer:
    @pytest.mark.parametrize("state", ["spam", "deleted"])
    def test_what_readers_do_not_see_is_not_answered(self, session, entry, actor, member, state):
        with pytest.raises(ConflictError):
            answer_comment(session, make_comment(session, entry, state=state), "x", member=member, actor=actor)

    @pytest.mark.parametrize("text", ["", " \n", "\x00\u202e", "x" * 10_001])
    def test_it_needs_words_and_not_too_many(self, session, held, actor, member, text):
        with pytest.raises(InvalidError):
            answer_comment(session, held, text, member=member, actor=actor)

    def test_an_answer_to_an_answer_stands_below_the_same_comment(self, session, held, actor, member):
        first = answer_comment(session, held, "One.", member=member, actor=actor)
        assert answer_comment(session, first, "Two.", member=member, actor=actor).parent_id == held.id


def test_a_writer_is_blocked_once_by_all_they_left(session, entry, actor):
    left = {"writer_email": "eve@example.org", "writer_url": "https://evil.example", "address_hash": b"\x01"}
    first, second = (make_comment(session, entry, **left) for _ in range(2))
    assert block_writer(session, first, actor) == ("email", "site", "address")
    block_writer(session, second, actor)
    assert len(session.scalars(select(Block)).all()) == 3
    assert [first.state, second.state] == ["spam", "spam"]


def test_comments_on_nobody_s_entry_are_the_editors(session, held):
    assert take_comments(session, make_member(session, "editor"), [held.public_id]) == [held]
    assert isinstance(held, Response)
