"""Files beside a text, as it refers to them."""

from zoneinfo import ZoneInfo

import pytest

from homeport.cli.localfiles import find_local_files
from homeport.exchange.textfiles import read_text


@pytest.fixture
def folder(tmp_path):
    for name in ("hill.png", "a b.png", "paper.pdf", "other.md", "id.pem", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


@pytest.mark.parametrize(
    ("source", "found", "missing"),
    [
        ("![](hill.png)", ["hill.png"], []),
        ("![](./hill.png) ![again](hill.png)", ["./hill.png", "hill.png"], []),
        ("![](<a b.png>)", ["a b.png"], []),
        ("[paper](paper.pdf)", ["paper.pdf"], []),
        ("![](valley.png)", [], ["valley.png"]),
        ("[valley](valley.png)", [], []),
        ("[other](other.md) ![](id.pem) [notes](notes.txt)", [], []),
        ("![](https://example.org/hill.png) ![](/media/hill.png) ![](//x/hill.png) [x](#hill.png)", [], []),
        ("![](hill.png?v=2#top)", ["hill.png?v=2#top"], []),
        ("![](" + "x" * 5000 + ".png)", [], ["x" * 5000 + ".png"]),
    ],
)
def test_only_files_that_can_be_shown_and_are_here_are_found(folder, source, found, missing):
    text = read_text("post.md", source.encode(), ZoneInfo("UTC"))
    files, lost = find_local_files(text, folder)
    assert ([file.written for file in files], lost) == (found, missing)


def test_the_cover_is_one_of_them(folder):
    text = read_text("post.md", b"---\ncover: hill.png\n---\nx", ZoneInfo("UTC"))
    assert [file.path.name for file in find_local_files(text, folder)[0]] == ["hill.png"]
