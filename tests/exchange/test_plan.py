from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from homeport.exchange.plan import AddressBook, in_order
from homeport.exchange.post import ImportedPost
from homeport.site.permalinks import Permalinks

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POST = ImportedPost(
    path="a.md",
    digest="",
    front_matter_length=0,
    body_line=1,
    kind="article",
    title="A",
    slug="a",
    state="published",
    published_at=datetime(2020, 1, 2, tzinfo=UTC),
)


def book(pattern="/posts/{slug}", posts=(), pages=(), addresses=()):
    return AddressBook(Permalinks(pattern, ZoneInfo("UTC")), set(posts), set(pages), set(addresses), NOW)


def test_a_free_slug_is_given_as_wanted():
    planned = book().settle(POST)
    assert (planned.slug, planned.address) == ("a", "/posts/a")


def test_a_taken_slug_gets_the_first_free_number():
    taken = book(posts={"a", "a-2"})
    assert [taken.settle(POST).slug for _ in range(3)] == ["a-3", "a-4", "a-5"]


def test_posts_and_pages_have_slugs_of_their_own_but_share_addresses():
    assert book(pages={"a"}).settle(POST).slug == "a"
    assert book("/{slug}", pages={"a"}, addresses={"/a"}).settle(POST).slug == "a-2"


def test_a_page_cannot_have_an_address_of_the_site_itself():
    assert book().settle(replace(POST, kind="page", slug="tags")).address == "/tags-2"


def test_a_post_cannot_have_an_address_of_the_site_itself_either():
    assert book("/{slug}").settle(replace(POST, slug="feed.atom")).address == "/feed.atom-2"
    assert book("/posts/{slug}").settle(replace(POST, slug="feed.atom")).address == "/posts/feed.atom"


def test_a_draft_without_a_date_waits_for_its_address():
    draft = replace(POST, state="draft", published_at=None)
    assert book("/{year}/{slug}").settle(draft).address is None
    assert book().settle(draft).address == "/posts/a"


def test_what_is_public_and_says_no_date_appears_now():
    assert book().settle(replace(POST, published_at=None)).post.published_at == NOW


def test_ten_thousand_of_one_name_cost_no_square():
    crowd = book()
    assert [crowd.settle(POST) for _ in range(10_000)][-1].slug == "a-10000"


def test_the_oldest_comes_first():
    posts = [replace(POST, path=path, published_at=date) for path, date in (("c", NOW), ("b", None), ("a", NOW))]
    assert [post.path for post in in_order(posts)] == ["b", "a", "c"]
