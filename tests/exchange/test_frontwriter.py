from homeport.exchange.frontwriter import FrontWriter
from homeport.text.frontmatter import split

FACTS = {
    "authors": [{"slug": "ada", "name": "Ada: L."}],
    "tags": [{"slug": "c", "title": "C++"}],
    "series": [{"slug": "trip", "title": "The trip"}],
}
COLUMNS = {
    "title": "--- # 'x': [",
    "subtitle": "",
    "slug": "x",
    "kind": "article",
    "published_at": "2020-01-02T03:04:05+00:00",
    "updated_at": None,
    "state": "draft",
    "authors": ["ada"],
    "tags": ["c"],
    "series": "trip",
    "series_position": 0,
    "description": "",
    "language": "de",
    "link_url": "",
    "canonical_url": "",
    "comments_open": False,
}


def test_it_can_be_read_back_and_says_only_what_there_is_to_say():
    written = FrontWriter(FACTS).write(COLUMNS)
    front = split(written + "Text")
    assert (front.block, front.body) == (written, "Text")
    assert front.data["title"] == "--- # 'x': ["
    assert front.data["date"].isoformat() == "2020-01-02T03:04:05+00:00"
    assert (front.data["authors"], front.data["tags"], front.data["series"]) == (["Ada: L."], ["C++"], "The trip")
    assert front.data["draft"] is True
    assert "subtitle" not in front.data
    assert front.data["comments"] is False
    assert front.data["series_position"] == 0
