"""Entries as programs see, write and publish them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from werkzeug.test import TestResponse

from homeport.accounts.permissions import Permission
from homeport.blog.actions import AuthorInput
from tests.api.conftest import Program
from tests.factories.blog import make_draft, make_entry


@pytest.fixture
def made(program):
    answer = program.post("/entries", {"title": "First light", "source": "Clear *tonight*.", "tags": ["Sky", "Night"]})
    assert answer.status_code == 201
    return answer.json


def test_a_draft_is_made_and_read_back(program, made):
    answer = program.get(f"/entries/{made['id']}")
    assert answer.json == made
    assert (made["state"], made["slug"], made["tags"]) == ("draft", "first-light", ["Sky", "Night"])
    assert "<em>tonight</em>" in made["html"]
    assert made["authors"] == [program.member.display_name]
    assert answer.headers["ETag"] == f'"{made["version"]}"'
    assert program.get("/entries/first-light").json["id"] == made["id"]


def test_where_it_was_made_stands_in_the_answer(program):
    answer = program.post("/entries", {"title": "One"})
    assert answer.headers["Location"] == f"/api/v1/entries/{answer.json['id']}"


class TestChange:
    def test_what_is_left_out_stays(self, program, made):
        answer = program.patch(f"/entries/{made['id']}", {"subtitle": "A year later"}, version=made["version"])
        assert answer.status_code == 200
        assert {name for name in made if made[name] != answer.json[name]} <= {"subtitle", "version", "modified_at"}
        assert answer.json["version"] > made["version"]

    def test_it_must_say_which_version_it_is_about(self, program, made):
        answer = program.patch(f"/entries/{made['id']}", {"subtitle": "A year later"})
        assert answer.status_code == 428
        assert answer.mimetype == "application/problem+json"

    def test_of_an_older_version_it_brings_back_both_texts(self, program, made):
        program.patch(f"/entries/{made['id']}", {"source": "Theirs."}, version=made["version"])
        answer = program.patch(f"/entries/{made['id']}", {"source": "Mine."}, version=made["version"])
        assert answer.status_code == 412
        assert answer.json["theirs"]["source"] == "Theirs."
        assert "Mine." in answer.json["merged"]["source"]
        assert answer.json["has_marks"]

    def test_a_star_means_whichever_version_there_is(self, program, made):
        program.patch(f"/entries/{made['id']}", {"source": "Theirs."}, version="*")
        assert program.patch(f"/entries/{made['id']}", {"source": "Mine."}, version="*").json["source"] == "Mine."

    def test_what_is_sent_once_more_changes_nothing(self, program, made):
        first = program.patch(f"/entries/{made['id']}", {"source": "New."}, version=made["version"])
        again = program.patch(f"/entries/{made['id']}", {"source": "New."}, version=made["version"])
        assert again.json == first.json

    def test_of_a_public_entry_it_is_not_shown_before_it_is_published(self, program, made):
        program.put(f"/entries/{made['id']}/publication", {})
        changed = program.patch(f"/entries/{made['id']}", {"source": "Cloudy."}, version="*").json
        assert (changed["is_changed"], changed["state"], changed["source"]) == (True, "published", "Cloudy.")
        assert "Cloudy" in changed["html"]
        assert program.get(f"/entries/{made['id']}/published").json["source"] == "Clear *tonight*."
        assert program.get(f"/entries/{made['id']}/working-copy").json["differs"] == ["source"]
        shown = program.put(f"/entries/{made['id']}/publication", {}).json
        assert (shown["is_changed"], shown["source"]) == (False, "Cloudy.")

    def test_it_can_be_thrown_away(self, program, made):
        program.put(f"/entries/{made['id']}/publication", {})
        version = program.patch(f"/entries/{made['id']}", {"source": "Cloudy."}, version="*").json["version"]
        dropped = program.delete(f"/entries/{made['id']}/working-copy", version=version).json
        assert (dropped["is_changed"], dropped["source"]) == (False, "Clear *tonight*.")
        assert program.get(f"/entries/{made['id']}/working-copy").status_code == 404

    def test_every_fault_is_told_by_the_name_of_its_field(self, program, made):
        wrong = {"kind": "novel", "tags": ["a,b"], "colour": "red", "series_position": "third", "cover": "f" * 32}
        faults = program.patch(f"/entries/{made['id']}", wrong, version="*").json["faults"]
        assert set(faults) == {"kind", "tags[0]", "colour", "series_position"}
        answer = program.patch(f"/entries/{made['id']}", {"slug": "No Slug", "cover": "f" * 32}, version="*")
        assert (answer.status_code, set(answer.json["faults"])) == (422, {"slug", "cover"})

    @pytest.mark.parametrize("text", ["zero \x00 byte", "half \ud800 character"])
    def test_what_cannot_be_stored_is_refused(self, program, made, text):
        answer = program.patch(f"/entries/{made['id']}", {"title": text}, version="*")
        assert (answer.status_code, set(answer.json["faults"])) == (422, {"title"})


class TestPublication:
    def test_now(self, program, made, client):
        shown = program.put(f"/entries/{made['id']}/publication", {}).json
        assert shown["state"] == "published"
        assert client.get(shown["path"]).status_code == 200

    def test_at_a_time_to_come(self, program, made):
        shown = program.put(f"/entries/{made['id']}/publication", {"at": "2126-12-24T08:00:00Z"}).json
        assert (shown["state"], shown["published_at"]) == ("scheduled", "2126-12-24T08:00:00+00:00")

    def test_at_no_time_at_all(self, program, made):
        assert program.put(f"/entries/{made['id']}/publication", {"at": "soon"}).status_code == 422

    def test_in_no_list(self, program, made):
        shown = program.put(f"/entries/{made['id']}/publication", {"is_listed": False}).json
        assert shown["state"] == "unlisted"
        assert program.put(f"/entries/{made['id']}/publication", {}).json["state"] == "unlisted"

    def test_without_a_title_it_is_refused(self, program):
        untitled = program.post("/entries", {"source": "Words."}).json
        answer = program.put(f"/entries/{untitled['id']}/publication", {})
        assert (answer.status_code, set(answer.json["faults"])) == (422, {"title"})

    def test_and_back(self, program, made, client):
        path = program.put(f"/entries/{made['id']}/publication", {}).json["path"]
        assert program.delete(f"/entries/{made['id']}/publication").json["state"] == "draft"
        assert client.get(path).status_code == 404

    def test_of_another_version_it_is_refused(self, program, made):
        answer = program.put(f"/entries/{made['id']}/publication", {}, version=made["version"] + 1)
        assert answer.status_code == 412


class TestDeletion:
    def test_it_can_be_undone(self, program, made):
        assert program.delete(f"/entries/{made['id']}").json["state"] == "deleted"
        assert program.get("/entries/first-light").status_code == 404
        assert program.get("/entries?state=deleted").json["entries"][0]["id"] == made["id"]
        assert program.post(f"/entries/{made['id']}/restoration").json["state"] == "draft"
        assert program.get("/entries/first-light").status_code == 200

    def test_what_is_deleted_cannot_be_changed(self, program, made):
        program.delete(f"/entries/{made['id']}")
        assert program.patch(f"/entries/{made['id']}", {"title": "Other"}, version="*").status_code == 409

    def test_what_is_not_deleted_cannot_be_restored(self, program, made):
        assert program.post(f"/entries/{made['id']}/restoration").status_code == 409


class TestList:
    def test_it_is_read_page_by_page(self, program, session):
        made = {str(make_entry(session).public_id) for _ in range(7)}
        seen, after = [], ""
        while True:
            page = program.get(f"/entries?limit=3&after={after}").json
            seen += [entry["id"] for entry in page["entries"]]
            after = page["next"].replace("+", "%2B")
            if not after:
                break
        assert (len(seen), set(seen)) == (7, made)

    def test_it_can_be_narrowed(self, program, session):
        make_entry(session, title="Alpha", slug="alpha", tags=("Sky",), authors=("Grace",))
        make_draft(session, title="Beta", slug="beta", kind="page")

        def slugs(query):
            return [entry["slug"] for entry in program.get(f"/entries?{query}").json["entries"]]

        assert slugs("state=draft") == ["beta"]
        assert slugs("kind=article") == ["alpha"]
        assert slugs("tag=sky") == ["alpha"]
        assert slugs("tag=sea") == []
        assert slugs("author=grace") == ["alpha"]
        assert slugs("q=bet") == ["beta"]

    @pytest.mark.parametrize("query", ["state=public", "limit=0", "limit=ten", "colour=red", "limit=1&limit=2"])
    def test_what_nobody_knows_is_refused(self, program, query):
        answer = program.get(f"/entries?{query}")
        assert (answer.status_code, len(answer.json["faults"])) == (422, 1)


class TestOthersEntries:
    @pytest.fixture
    def theirs(self, session):
        return make_draft(session, title="Unseen", authors=("Grace",))

    def test_an_author_neither_sees_nor_changes_them(self, make_program, theirs):
        author = make_program("author")
        assert author.get("/entries").json["entries"] == []
        assert author.get(f"/entries/{theirs.public_id}").status_code == 403
        assert author.patch(f"/entries/{theirs.public_id}", {"title": "Mine"}, version="*").status_code == 403
        assert author.delete(f"/entries/{theirs.public_id}").status_code == 403

    def test_an_author_cannot_sign_for_others(self, make_program):
        answer = make_program("author").post("/entries", {"title": "One", "authors": ["Grace"]})
        assert (answer.status_code, set(answer.json["faults"])) == (422, {"authors"})

    def test_a_token_that_may_only_read_shows_them_to_an_editor(self, make_program, theirs):
        editor = make_program("editor", Permission.READ)
        assert len(editor.get("/entries").json["entries"]) == 1
        assert editor.get(f"/entries/{theirs.public_id}").json["title"] == "Unseen"
        assert editor.delete(f"/entries/{theirs.public_id}").status_code == 403

    def test_a_token_that_may_only_read_shows_an_author_their_own(self, make_program, session):
        author = make_program("author", Permission.READ)
        own = make_draft(session, authors=(author.member.display_name,))
        assert author.get(f"/entries/{own.public_id}").status_code == 200
        assert [entry["id"] for entry in author.get("/entries").json["entries"]] == [str(own.public_id)]


def test_times_are_given_as_moments(program, session):
    make_entry(session, slug="old", published_at=datetime(2001, 2, 3, 4, 5, tzinfo=UTC))
    assert program.get("/entries/old").json["published_at"] == "2001-02-03T04:05:00+00:00"


def test_authors_are_named_so_that_the_names_lead_back(program, session):
    entry = make_entry(session, authors=("Grace", "Ada"))
    assert program.get(f"/entries/{entry.public_id}").json["authors"] == ["Grace", "Ada"]
    assert AuthorInput("Grace").slug == ""


def test_a_draft_that_is_sent_twice_is_made_once(program):
    sent = {"id": str(uuid4()), "title": "One"}
    first, again = program.post("/entries", sent), program.post("/entries", sent)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert first.json["id"] == sent["id"]
    assert len(program.get("/entries").json["entries"]) == 1


class Life(RuleBasedStateMachine):
    """One entry's life in any order, beside a model that knows what ought to be so; `ask` is given by the test."""

    program: Program
    public: FlaskClient
    words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20)

    def __init__(self) -> None:
        super().__init__()
        made = self.program.post("/entries", {"title": "A life", "source": "Born."}).json
        self.path, self.address = f"/entries/{made['id']}", made["path"]
        self.state, self.version = "draft", made["version"]
        self.written = self.shown = "Born."

    def told(self, answer: TestResponse, *, is_refused: bool) -> bool:
        """Hold an answer against what the model expects; say whether something has happened."""
        assert (answer.status_code == 409) == is_refused, answer.text
        if is_refused:
            return False
        assert answer.status_code == 200, answer.text
        self.version = answer.json["version"]
        return True

    @rule(words=words)
    def change(self, words):
        if self.told(
            self.program.patch(self.path, {"source": words}, version=self.version), is_refused=self.state == "deleted"
        ):
            self.written = words

    @rule(words=words, age=st.integers(1, 9))
    def change_from_an_old_version(self, words, age):
        answer = self.program.patch(self.path, {"source": words}, version=self.version + age)
        # What is there already may be said again at any time.
        expected = 409 if self.state == "deleted" else 200 if words == self.written else 412
        assert answer.status_code == expected

    @rule(is_listed=st.booleans())
    def publish(self, is_listed):
        if self.told(
            self.program.put(f"{self.path}/publication", {"is_listed": is_listed}), is_refused=self.state == "deleted"
        ):
            self.state, self.shown = "published" if is_listed else "unlisted", self.written

    @rule()
    def unpublish(self):
        if self.told(self.program.delete(f"{self.path}/publication"), is_refused=self.state == "deleted"):
            self.state = "draft"

    @rule()
    def delete(self):
        before = self.state
        if self.told(self.program.delete(self.path), is_refused=self.state == "deleted"):
            self.state, self.before = "deleted", before

    @rule()
    def restore(self):
        if self.told(self.program.post(f"{self.path}/restoration"), is_refused=self.state != "deleted"):
            self.state = self.before

    @invariant()
    def it_is_what_the_model_says(self):
        entry = self.program.get(self.path).json
        assert (entry["state"], entry["source"]) == (self.state, self.written)
        assert entry["is_changed"] == (self.before_or_now() != "draft" and self.written != self.shown)
        listed = [each["state"] for each in self.program.get(f"/entries?state={self.state}").json["entries"]]
        assert listed == [self.state]

    @invariant()
    def readers_see_it_exactly_while_it_is_public(self):
        status = self.public.get(self.address).status_code
        assert (status == 200) == (self.state in ("published", "unlisted"))

    def before_or_now(self) -> str:
        return self.before if self.state == "deleted" else self.state


def test_a_life_in_any_order_is_what_it_ought_to_be(program, client, connection):
    class OneLife(Life):
        def __init__(self) -> None:
            self.savepoint = connection.begin_nested()
            super().__init__()

        def teardown(self) -> None:
            self.savepoint.rollback()

    OneLife.program, OneLife.public = program, client
    bounds = settings(
        max_examples=6,
        stateful_step_count=10,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(OneLife, settings=bounds)
