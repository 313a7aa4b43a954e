import pytest

from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.former_site import read_site
from homeport.exchange.jekyll_defaults import defaults_for

RULES = [
    {"scope": {"path": "", "type": "posts"}, "values": {"layout": "post", "author": "Ada"}},
    {"scope": {"path": "_posts/deep"}, "values": {"author": "Bob"}},
    {"scope": {"path": "", "type": "recipes"}, "values": {"layout": "recipe"}},
    {"scope": {"path": "sec*/x"}, "values": {"layout": "x"}},
]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("_posts/a.md", {"layout": "post", "author": "Ada"}),
        ("news/_posts/a.md", {"layout": "post", "author": "Ada"}),
        ("_posts/deep/a.md", {"layout": "post", "author": "Bob"}),
        ("_posts/deeper.md", {"layout": "post", "author": "Ada"}),
        ("_recipes/a.md", {"layout": "recipe"}),
        ("section/x/a.md", {"layout": "x"}),
        ("about.md", {}),
    ],
)
def test_the_rule_for_the_fewest_wins(path, values):
    assert defaults_for(path, Origin(Dialect.JEKYLL, site=read_site({"defaults": RULES}))) == values
