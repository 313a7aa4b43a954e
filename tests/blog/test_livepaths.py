from homeport.blog.actions import change_site, rename_entry
from homeport.blog.livepaths import Life, lives_of
from tests.factories.blog import make_draft, make_entry, make_page
from tests.factories.statements import recorded


def test_what_readers_find_is_told_from_what_they_do_not(session):
    make_entry(session, slug="one", tags=("Rust",), series="A year", authors=("Ada",))
    make_draft(session, slug="soon")
    make_page(session, slug="about")
    rename_entry(session, make_entry(session, slug="old"), "new")
    public = {"/posts/one", "/about", "/tags/rust", "/tags/rust/", "/series/a-year", "/authors/ada", "/posts/old"}
    lists = {"/", "/archive", "/archive/2020", "/feed.atom", "/tags"}
    nothing = {"/nothing", "/tags/nothing", "/media/x", "/media/" + "0a" * 16 + "/a.png", "/posts/"}
    lives = lives_of(session, public | lists | nothing | {"/posts/soon"})
    assert {path for path, life in lives.items() if life == Life.PUBLIC} == public | lists
    assert {path for path, life in lives.items() if life == Life.NONE} == nothing
    assert lives["/posts/soon"] == Life.DRAFT


def test_an_address_of_a_former_pattern_leads_on(session):
    make_entry(session, slug="one")
    change_site(session, permalink_pattern="/{year}/{slug}")
    change_site(session, permalink_pattern="/blog/{slug}")
    assert lives_of(session, {"/2020/one"}) == {"/2020/one": Life.PUBLIC}


def test_it_takes_five_statements_at_the_most(session, connection):
    change_site(session, permalink_pattern="/{year}/{slug}")
    with recorded(connection) as statements:
        lives_of(session, {f"/posts/{number}" for number in range(100)})
    assert len(statements) <= 5
