from datetime import UTC, datetime, timedelta

from homeport.blog.actions import change_site
from homeport.blog.queries.paths import Past, find_past
from homeport.site.actions import add_redirect, mark_gone
from tests.factories.blog import make_draft, make_entry
from tests.factories.statements import recorded


def test_a_redirect_is_found_with_or_without_its_final_slash(session, connection):
    add_redirect(session, "/old/", target="/new")
    assert find_past(connection, "/old").target == "/new"
    assert find_past(connection, "/old/").target == "/new"
    assert find_past(connection, "/other") == Past()


def test_a_later_redirect_wins_over_an_earlier_one_and_over_gone(session, connection):
    mark_gone(session, "/old")
    add_redirect(session, "/old", target="/a")
    add_redirect(session, "/old", target="/b")
    past = find_past(connection, "/old")
    assert (past.target, past.is_gone) == ("/b", False)


def test_what_is_gone_is_known_to_be_gone(session, connection):
    mark_gone(session, "/was/here")
    assert find_past(connection, "/was/here").is_gone


def test_a_former_pattern_with_an_ending_still_leads_to_its_posts(session, connection):
    change_site(session, permalink_pattern="/{year}/{slug}.html")
    make_entry(session, slug="party")
    change_site(session, permalink_pattern="/p/{slug}")
    make_draft(session, slug="secret")
    make_entry(session, slug="soon", published_at=datetime.now(UTC) + timedelta(days=1))
    assert find_past(connection, "/2020/party.html") == Past(target="/p/party")
    assert find_past(connection, "/2020/secret.html") == Past()
    assert find_past(connection, "/2020/soon.html") == Past()


def test_everything_about_the_past_is_one_statement(session, connection):
    make_entry(session, slug="party")
    change_site(session, permalink_pattern="/p/{slug}")
    with recorded(connection) as statements:
        find_past(connection, "/posts/missing")
    assert len(statements) == 1
