"""Comments as programs decide about them."""

from uuid import uuid4

import pytest

from homeport.accounts.permissions import Permission
from tests.factories.blog import make_entry
from tests.factories.comments import make_comment


@pytest.fixture
def entry(session):
    return make_entry(session, title="Up")


@pytest.fixture
def held(session, entry):
    return make_comment(
        session, entry, state="held", writer_name="Grace", writer_email="grace@example.org", text="How *true*."
    )


def test_what_waits_is_listed(program, held, entry):
    (comment,) = program.get("/comments").json["comments"]
    assert (comment["id"], comment["entry"], comment["name"]) == (str(held.public_id), str(entry.public_id), "Grace")
    assert program.get(f"/comments/{held.public_id}").json == comment


def test_the_list_is_narrowed_and_read_page_by_page(program, session, held, entry):
    other = make_comment(session, make_entry(session), state="held")
    make_comment(session, entry, state="spam")
    assert len(program.get("/comments?state=spam").json["comments"]) == 1
    assert len(program.get(f"/comments?entry={entry.slug}").json["comments"]) == 1
    first = program.get("/comments?limit=1").json
    second = program.get(f"/comments?limit=1&before={first['next']}").json
    assert {first["comments"][0]["id"], second["comments"][0]["id"]} == {str(held.public_id), str(other.public_id)}
    assert second["next"] is None


@pytest.mark.parametrize("state", ["shown", "spam", "deleted"])
def test_a_decision_can_be_undone(program, held, state):
    assert program.patch(f"/comments/{held.public_id}", {"state": state}, version="*").json["state"] == state
    assert program.post("/comments/undo").json == {"undone": 1}
    assert program.get(f"/comments/{held.public_id}").json["state"] == "held"


def test_it_is_deleted(program, held):
    assert program.delete(f"/comments/{held.public_id}", version="*").json["state"] == "deleted"


def test_its_words_are_changed(program, held):
    changed = program.patch(f"/comments/{held.public_id}", {"text": "How **true**."}, version="*").json
    assert "<strong>true</strong>" in changed["html"]
    assert changed["edited_at"]


@pytest.mark.parametrize("change", [{"text": "  "}, {"text": ""}, {"state": "lost"}, {"text": "x" * 20_000}])
def test_what_cannot_be_is_refused(program, held, change):
    assert program.patch(f"/comments/{held.public_id}", change, version="*").status_code == 422


def test_an_answer_shows_what_waited(program, held):
    answer = program.post(f"/comments/{held.public_id}/replies", {"text": "Thank you."}, version="*")
    assert (answer.status_code, answer.json["is_by_author"], answer.json["answers"]) == (201, True, "Grace")
    assert program.get(f"/comments/{held.public_id}").json["state"] == "shown"


def test_what_nobody_sees_is_not_answered(program, session, entry):
    spam = make_comment(session, entry, state="spam")
    assert program.post(f"/comments/{spam.public_id}/replies", {"text": "Thank you."}, version="*").status_code == 409


def test_its_writer_is_blocked(program, held):
    assert program.post(f"/comments/{held.public_id}/block", version="*").json["by"]
    assert program.get(f"/comments/{held.public_id}").json["state"] == "spam"


class TestTheWordsThatWereSeen:
    """A reader may change a comment for a quarter of an hour, so also while a program thinks about it."""

    DECISIONS = (
        ("PATCH", "", {"state": "shown"}),
        ("PATCH", "", {"text": "Mine."}),
        ("DELETE", "", None),
        ("POST", "/replies", {"text": "Thank you."}),
        ("POST", "/block", None),
    )

    @pytest.mark.parametrize(("method", "part", "body"), DECISIONS)
    def test_other_words_than_those_are_not_decided_about(self, program, session, held, method, part, body):
        seen = program.get(f"/comments/{held.public_id}").json["version"]
        held.text = "Buy my pills."
        session.commit()
        answer = program.ask(method, f"/comments/{held.public_id}{part}", json=body, version=seen)
        assert (answer.status_code, answer.json["detail"]) == (
            412,
            "This was changed in the meantime. Read it again, and send what you have with its new ETag.",
        )
        now = program.get(f"/comments/{held.public_id}").json
        assert (now["state"], now["text"]) == ("held", "Buy my pills.")

    @pytest.mark.parametrize(("method", "part", "body"), DECISIONS)
    def test_it_must_be_said_which_they_were(self, program, held, method, part, body):
        answer = program.ask(method, f"/comments/{held.public_id}{part}", json=body)
        assert (answer.status_code, answer.json["title"]) == (428, "Which version")

    @pytest.mark.parametrize(("method", "part", "body"), DECISIONS)
    def test_about_those_it_is_decided(self, program, held, method, part, body):
        seen = program.get(f"/comments/{held.public_id}")
        assert seen.headers["ETag"] == f'"{seen.json["version"]}"'
        answer = program.ask(method, f"/comments/{held.public_id}{part}", json=body, version=seen.json["version"])
        assert answer.status_code in (200, 201), answer.text


def test_there_may_be_no_such_comment(program):
    assert program.get(f"/comments/{uuid4()}").status_code == 404
    assert program.patch(f"/comments/{uuid4()}", {"state": "shown"}, version="*").status_code == 404


def test_an_author_decides_about_their_own(make_program, session, held):
    author = make_program("author")
    own = make_comment(session, make_entry(session, authors=(author.member.display_name,)), state="held")
    assert [comment["id"] for comment in author.get("/comments").json["comments"]] == [str(own.public_id)]
    assert author.patch(f"/comments/{own.public_id}", {"state": "shown"}, version="*").status_code == 200
    assert author.patch(f"/comments/{held.public_id}", {"state": "shown"}, version="*").status_code == 403
    assert author.post(f"/comments/{own.public_id}/block", version="*").status_code == 403


def test_a_token_that_may_only_read_decides_nothing(make_program, held):
    reader = make_program("owner", Permission.READ)
    assert reader.patch(f"/comments/{held.public_id}", {"state": "shown"}, version="*").status_code == 403
    assert reader.post("/comments/undo").status_code == 403
