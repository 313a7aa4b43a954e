import pytest

from homeport.blog import previewing
from homeport.blog.sharing import share_entry, withdraw_link
from homeport.blog.targets import render_linked as render
from homeport.blog.versions import WorkingCopy
from homeport.blog.writing import save_entry
from tests.factories.blog import make_draft, make_entry
from tests.factories.members import sign_in


@pytest.fixture
def owner(session, client):
    return sign_in(session, client, "owner")


@pytest.fixture
def stranger(app):
    return app.test_client()


def url_of(entry):
    return f"/studio/entries/{entry.public_id}"


def body_of(page):
    """What the author wrote and what stands around it; comments and the head differ between draft and publication."""
    return page[page.index('<div class="prose') : page.index("</footer>")]


class TestLive:
    def test_it_is_the_whole_page_as_readers_will_get_it(self, session, client, owner):
        typed = {"title": "T", "source": "Some *words*", "tags": "Rust"}
        shown = client.post("/studio/preview", data=typed).json["html"]
        make_entry(session, title="T", source="Some *words*", tags=("Rust",), authors=(owner.display_name,))
        public = client.get("/posts/t").text
        assert 'href="/static/' in shown
        assert body_of(shown) == body_of(public)

    def test_the_advice_on_it_comes_with_it(self, client, owner):
        told = client.post("/studio/preview", json={"title": "T", "description": "D", "source": "#### Deep"}).json
        assert [(each["kind"], each["line"]) for each in told["checks"]] == [("headings", 1)]
        assert told["weight_bytes"] > 0

    def test_the_text_is_rendered_once_for_both(self, client, owner, monkeypatch):
        rendered = []
        monkeypatch.setattr(
            previewing, "render_linked", lambda *args, **more: rendered.append(1) or render(*args, **more)
        )
        client.post("/studio/preview", json={"title": "T", "source": "Words."})
        assert rendered == [1]

    def test_faults_are_told_at_their_fields(self, client, owner):
        answer = client.post("/studio/preview", json={"published_at": "soon"})
        assert answer.status_code == 422
        assert list(answer.json["faults"]) == ["published_at"]

    def test_an_entry_that_is_not_theirs_helps_nobody(self, session, client):
        sign_in(session, client, "author")
        entry = make_draft(session, source="secret")
        assert client.post("/studio/preview", json={"id": str(entry.public_id)}).status_code == 403
        assert client.post("/studio/preview", json={"id": "nonsense"}).status_code == 422

    def test_strangers_get_none(self, stranger):
        assert stranger.post("/studio/preview", json={"source": "x"}).status_code == 401


class TestPreview:
    def test_it_shows_what_is_written_over_the_entry_and_says_so(self, session, client, owner):
        entry = make_entry(session, source="old")
        save_entry(session, owner, entry.public_id, {"source": "new words"}, version=1)
        page = client.get(f"{url_of(entry)}/preview")
        assert "new words" in page.text
        assert "not published yet" in page.text
        assert page.headers["Cache-Control"] == "no-store"

    def test_somebody_elses_is_not_shown(self, session, client):
        sign_in(session, client, "author")
        assert client.get(f"{url_of(make_draft(session))}/preview").status_code == 403
        assert client.get(f"{url_of(make_draft(session))}/checks").status_code == 403


class TestShared:
    def test_whoever_has_the_link_sees_the_draft(self, session, stranger, owner):
        entry = make_draft(session, source="secret words")
        link = share_entry(session, owner, entry.public_id, days=7)
        page = stranger.get(f"/preview/{link.token}")
        assert "secret words" in page.text
        assert "This is a draft" in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in page.headers

    def test_a_link_that_was_withdrawn_is_gone(self, session, stranger, owner):
        entry = make_draft(session, source="secret words")
        link = share_entry(session, owner, entry.public_id, days=7)
        withdraw_link(session, owner, entry.public_id, link.id)
        page = stranger.get(f"/preview/{link.token}")
        assert page.status_code == 410
        assert "secret" not in page.text

    def test_what_is_public_by_now_is_led_to(self, session, stranger, owner):
        entry = make_draft(session)
        link = share_entry(session, owner, entry.public_id, days=None)
        entry.state, entry.published_at = "published", entry.created_at
        session.flush()
        assert stranger.get(f"/preview/{link.token}").location == entry.path

    def test_changes_over_what_is_public_are_shown(self, session, stranger, owner):
        entry = make_entry(session, source="old")
        link = share_entry(session, owner, entry.public_id, days=None)
        save_entry(session, owner, entry.public_id, {"source": "new words"}, version=1)
        assert "new words" in stranger.get(f"/preview/{link.token}").text
        session.delete(session.get(WorkingCopy, entry.id))

    def test_a_guess_finds_nothing(self, stranger):
        assert stranger.get("/preview/guessed").status_code == 404


def test_checks_are_told_to_the_script(session, client, owner):
    entry = make_draft(session, source="[a](/nowhere)\n\n#### Deep")
    answer = client.get(f"{url_of(entry)}/checks")
    assert {"kind": "headings", "message": "“Deep” skips a level: write ## instead.", "line": 3} in answer.json[
        "checks"
    ]
    assert answer.json["weight_bytes"] > 0
