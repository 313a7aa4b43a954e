import pytest

from homeport.exchange.dialects import Dialect, find_origin
from homeport.exchange.tree import walk
from tests.factories.folders import write_folder


def origin_of(tmp_path, files, **given):
    return find_origin(walk(write_folder(tmp_path, files)), **given)


@pytest.mark.parametrize(
    ("files", "dialect", "content"),
    [
        ({"hugo.toml": "", "content/posts/a.md": ""}, Dialect.HUGO, "content/"),
        ({"config.toml": 'baseURL = "https://x.example/"', "content/a.md": ""}, Dialect.HUGO, "content/"),
        ({"config.yaml": "", "content/a.md": ""}, Dialect.HUGO, "content/"),
        ({"config.toml": '[permalinks]\nposts = "/:slug/"', "content/a.md": ""}, Dialect.HUGO, "content/"),
        ({"config.toml": 'base_url = "https://x.example"', "content/a.md": ""}, Dialect.ZOLA, "content/"),
        ({"content/_index.md": '+++\nsort_by = "date"\n+++\n', "content/a.md": ""}, Dialect.ZOLA, "content/"),
        ({"_index.md": "---\ntitle: x\n---\n", "a.md": ""}, Dialect.HUGO, ""),
        ({"_config.yml": "", "_posts/2020-01-02-a.md": ""}, Dialect.JEKYLL, ""),
        ({"blog/_posts/2020-01-02-a.md": ""}, Dialect.JEKYLL, ""),
        ({"pelicanconf.py": "", "content/a.md": ""}, Dialect.PELICAN, "content/"),
        ({"a.md": "Title: A\nDate: 2020-01-02\n\nText"}, Dialect.PELICAN, ""),
        ({"a.md": "---\ntitle: A\n---\nText", "content/b.md": ""}, Dialect.PLAIN, ""),
        ({"homeport.json": "{}", "_posts/2020-01-02-a.md": ""}, Dialect.HOMEPORT, ""),
    ],
)
def test_the_structure_tells_the_tool(tmp_path, files, dialect, content):
    origin = origin_of(tmp_path, files)
    assert (origin.dialect, origin.content) == (dialect, content)


def test_what_is_said_wins_over_the_structure(tmp_path):
    assert origin_of(tmp_path, {"_config.yml": ""}, dialect=Dialect.PLAIN).dialect == Dialect.PLAIN


@pytest.mark.parametrize(
    "files",
    [
        {"_config.yml": "url: https://old.example\npermalink: pretty\n"},
        {"hugo.toml": 'baseURL = "https://old.example/"\n'},
        {"pelicanconf.py": "import os\nSITEURL = 'https://old.example'\n"},
    ],
)
def test_the_tools_own_settings_say_the_address(tmp_path, files):
    assert origin_of(tmp_path, files).address == "https://old.example"


def test_an_address_that_is_given_wins(tmp_path):
    origin = origin_of(tmp_path, {"_config.yml": "url: https://old.example\n"}, address="https://new.example/")
    assert origin.address == "https://new.example"


def test_settings_that_cannot_be_read_count_as_none(tmp_path):
    assert origin_of(tmp_path, {"_config.yml": "a: &a [*a\n: : :", "a.md": ""}).address == ""
    assert origin_of(tmp_path, {"hugo.toml": b"\xff\xfe"}).dialect == Dialect.HUGO
