import pytest

from tests.factories.blog import make_entry
from tests.factories.members import sign_in


@pytest.fixture
def owner(client, session):
    sign_in(session, client, "owner", name="ada")
    return client


def form(**changes):
    known = {"title": "Notes", "language": "en", "time_zone": "UTC", "permalink_pattern": "/posts/{slug}"}
    return known | {"font": "serif", "comment_rule": "known"} | changes


def test_settings_are_saved_and_the_log_names_them(owner, site, session):
    answer = owner.post(
        "/studio/settings", data=form(title="From a hill", navigation="About | /about\n\nCode|https://x.org")
    )
    assert (answer.status_code, answer.location) == (303, "/studio/settings?saved=1")
    session.refresh(site)
    assert site.title == "From a hill"
    assert site.navigation == [{"label": "About", "url": "/about"}, {"label": "Code", "url": "https://x.org"}]
    assert "Saved" in owner.get(answer.location).text


def test_every_fault_is_told_beside_its_field_and_nothing_typed_is_lost(owner, site, session):
    answer = owner.post("/studio/settings", data=form(title="", accent="red", navigation="no address"))
    assert answer.status_code == 422
    assert "3 fields need another look" in answer.text
    assert "is not a colour" in answer.text
    assert ">no address</textarea>" in answer.text
    session.refresh(site)
    assert site.title != ""


def test_a_pattern_by_which_posts_collide_is_refused_beside_its_field(owner, site, session):
    make_entry(session, slug="archive")
    answer = owner.post("/studio/settings", data=form(permalink_pattern="/{slug}"))
    assert answer.status_code == 422
    assert "1 post would live where something else does: /archive" in answer.text
    session.refresh(site)
    assert site.permalink_pattern == "/posts/{slug}"


def test_what_is_unticked_is_switched_off(owner, site, session):
    owner.post("/studio/settings", data=form(comments_open="on"))
    session.refresh(site)
    assert (site.comments_open, site.smart_typography) == (True, False)


def test_the_sample_may_be_framed_by_the_studio_and_by_nobody_else(owner):
    headers = owner.get("/studio/settings/preview").headers
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("role", ["author", "editor"])
def test_settings_are_the_owner_s(client, session, role):
    sign_in(session, client, role)
    assert client.get("/studio/settings").status_code == 403
    assert client.post("/studio/settings", data=form()).status_code == 403
