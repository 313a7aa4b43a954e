from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from homeport.blog.rows import AuthorCard, EntryCard, EntryPage, ImageCard, TagCard
from homeport.blog.structured import describe_post, describe_site, describe_trail
from homeport.site.rows import SiteCard

MORNING = datetime(2026, 6, 9, 7, 30, tzinfo=UTC)


@pytest.fixture
def site():
    return SiteCard(
        title="The house",
        tagline="Letters",
        address="https://house.example",
        language="en",
        time_zone=ZoneInfo("UTC"),
        permalink_pattern="/posts/{slug}",
        navigation=(),
        author_name="Ada",
        author_bio="",
        author_url="",
        author_image_path="/media/abc/ada.jpg",
        accent="",
        font="serif",
        icon_path="",
        remote_images=False,
    )


@pytest.fixture
def entry():
    card = EntryCard(
        path="/posts/rain",
        slug="rain",
        kind="article",
        title="Rain",
        subtitle="Since five",
        excerpt="It has rained.",
        description="",
        language="",
        link_url="",
        published_at=MORNING,
        updated_at=None,
        word_count=230,
        tags=(TagCard("garden", "Garden"),),
        cover=ImageCard("/media/def/rain.jpg", 800, 400, "Rain"),
    )
    return EntryPage(
        card=card,
        public_id="1",
        html="",
        outline=(),
        canonical_url="",
        is_listed=True,
        authors=(AuthorCard("grace", "Grace"),),
        series_place=None,
        previous=None,
        next=None,
        related=(),
    )


class TestDescribePost:
    def test_it_says_what_when_and_by_whom(self, site, entry):
        node = describe_post(site, entry)
        assert node["@type"] == "BlogPosting"
        assert node["headline"] == "Rain"
        assert node["description"] == "Since five"
        assert node["url"] == node["mainEntityOfPage"] == "https://house.example/posts/rain"
        assert node["datePublished"] == node["dateModified"] == MORNING.isoformat()
        assert node["keywords"] == ["Garden"]
        assert node["image"] == "https://house.example/media/def/rain.jpg"
        assert node["author"] == [{"@type": "Person", "name": "Grace", "url": "https://house.example/authors/grace"}]

    def test_its_publisher_is_the_sites_author(self, site, entry):
        assert describe_post(site, entry)["publisher"] == {
            "@type": "Person",
            "name": "Ada",
            "url": "https://house.example/",
            "image": "https://house.example/media/abc/ada.jpg",
        }

    def test_without_a_byline_the_sites_author_wrote_it(self, site, entry):
        node = describe_post(site, replace(entry, authors=()))
        assert node["author"] == [node["publisher"]]

    def test_a_site_without_an_author_publishes_as_itself(self, site, entry):
        node = describe_post(replace(site, author_name=""), entry)
        assert node["publisher"]["@type"] == "Organization"
        assert node["publisher"]["name"] == "The house"

    def test_its_true_address_is_the_canonical_one(self, site, entry):
        node = describe_post(site, replace(entry, canonical_url="https://elsewhere.example/rain"))
        assert node["url"] == "https://elsewhere.example/rain"

    def test_it_leaves_out_what_is_not_known(self, site, entry):
        bare = replace(entry, card=replace(entry.card, cover=None, tags=()))
        assert {"image", "keywords"}.isdisjoint(describe_post(site, bare))

    def test_a_long_title_is_cut_to_what_search_engines_take(self, site, entry):
        node = describe_post(site, replace(entry, card=replace(entry.card, title="x" * 200)))
        assert len(node["headline"]) == 110


def test_the_site_is_described_by_its_name_and_tagline(site):
    node = describe_site(site)
    assert (node["@type"], node["name"], node["url"]) == ("WebSite", "The house", "https://house.example/")
    assert node["description"] == "Letters"


def test_a_trail_starts_at_home(site):
    items = describe_trail(site, [("Tags", "/tags"), ("Garden", "/tags/garden")])["itemListElement"]
    assert [(item["position"], item["name"]) for item in items] == [(1, "The house"), (2, "Tags"), (3, "Garden")]
    assert items[2]["item"] == "https://house.example/tags/garden"
